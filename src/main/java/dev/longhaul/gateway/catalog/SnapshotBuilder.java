package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.ForeignTool;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolSettingsException;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.gateway.catalog.ServedNames.Named;
import dev.longhaul.gateway.catalog.UpstreamHandlers.Repeat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides what of all upstreams is served: names, policies, and what is left out. */
final class SnapshotBuilder {
  private final RegisteredTools ownTools;
  private final RegisteredPrimitives own;
  private final ToolPolicies policies;
  private final Supplier<UpstreamHandlers> handlers;

  SnapshotBuilder(
      RegisteredTools ownTools,
      RegisteredPrimitives own,
      ToolPolicies policies,
      Supplier<UpstreamHandlers> handlers) {
    this.ownTools = ownTools;
    this.own = own;
    this.policies = policies;
    this.handlers = handlers;
  }

  /** A tool or prompt with the entry that its upstream sent. */
  private record Entry(Published of, ObjectNode sent, Named named) {}

  /**
   * Builds it.
   *
   * @param known what is known of each upstream that is not switched off
   * @param runnable whether this process can run calls of the upstream of that name
   */
  Snapshot build(Collection<Published> known, Predicate<String> runnable) {
    List<Published> all =
        known.stream()
            .sorted(Comparator.comparingInt(Published::position).thenComparing(Published::upstream))
            .toList();
    Map<String, List<LeftOut>> leftOut = new HashMap<>();
    all.forEach(each -> leftOut.put(each.upstream(), new ArrayList<>()));
    Tools tools = tools(all, runnable, leftOut);
    Map<String, ResourceOwners.Owned> owned = new HashMap<>();
    Map<String, Resource> resources = resources(all, owned, leftOut);
    Map<Completion.Reference, Completion> completions = new HashMap<>();
    List<ResourceOwners.Matching> matching = new ArrayList<>();
    List<Snapshot.Template> templates = templates(all, matching, completions);
    Map<String, Prompt> prompts = new LinkedHashMap<>();
    prompts(all, prompts, completions);
    Map<String, Snapshot.OfUpstream> upstreams = new LinkedHashMap<>();
    for (Published each : all) {
      upstreams.put(
          each.upstream(),
          new Snapshot.OfUpstream(
              each,
              tools.served().getOrDefault(each.upstream(), List.of()),
              List.copyOf(leftOut.getOrDefault(each.upstream(), List.of()))));
    }
    Published anyUri = anyUri(all);
    return new Snapshot(
        List.copyOf(tools.all()),
        tools.byName(),
        tools.byId(),
        resources,
        templates,
        anyUri == null ? null : handlers.get().resource(anyUri.ref()),
        new ResourceOwners(
            owned,
            List.copyOf(matching),
            anyUri == null ? null : anyUri.upstream(),
            uri -> own.reader(uri).isPresent(),
            announcing(all)),
        prompts,
        completions,
        upstreams);
  }

  private record Tools(
      List<Tool> all,
      Map<String, Tool> byName,
      Map<String, Tool> byId,
      Map<String, List<String>> served) {}

  private Tools tools(
      List<Published> all, Predicate<String> runnable, Map<String, List<LeftOut>> leftOut) {
    List<Entry> entries = new ArrayList<>();
    for (Published of : all) {
      Set<String> names = new HashSet<>();
      List<LeftOut> out = leftOut.getOrDefault(of.upstream(), new ArrayList<>());
      for (ObjectNode sent : of.lists().tools()) {
        String name = sent.path("name").asString("");
        String problem =
            !of.rules().serve(name)
                ? "the settings tools.allow and tools.deny leave it out"
                : !names.add(name)
                    ? "the upstream has two tools of this name"
                    : UsableTools.problem(sent).orElse(null);
        if (problem == null) {
          String wanted = of.rules().rename().getOrDefault(name, name);
          entries.add(
              new Entry(
                  of, sent, new Named(of.upstream(), wanted, ServedNames.id(of.upstream(), name))));
        } else {
          out.add(new LeftOut(name, problem));
        }
      }
    }
    ServedNames names =
        new ServedNames(
                name -> ownTools.find(name).isPresent() || ToolCatalogue.RESERVED.contains(name))
            .add(entries.stream().map(Entry::named).toList());
    Tools tools = new Tools(new ArrayList<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    Map<String, Tool> made = new HashMap<>();
    for (Entry entry : entries) {
      try {
        Tool tool = tool(entry, names.served(entry.named()));
        tools.all().add(tool);
        made.put(tool.id(), tool);
        tools
            .served()
            .computeIfAbsent(entry.of().upstream(), _ -> new ArrayList<>())
            .add(tool.name());
        if (runnable.test(entry.of().upstream())) {
          tools.byId().put(tool.id(), tool);
        }
      } catch (ToolSettingsException e) {
        leftOut
            .getOrDefault(entry.of().upstream(), new ArrayList<>())
            .add(new LeftOut(entry.sent().path("name").asString(), String.valueOf(e.getMessage())));
      }
    }
    names
        .byName()
        .forEach((name, named) -> {
          Tool tool = made.get(named.id());
          if (tool != null) {
            tools.byName().put(name, tool);
          }
        });
    return tools;
  }

  private Tool tool(Entry entry, String served) {
    Published of = entry.of();
    ObjectNode description = entry.sent().deepCopy();
    description.put("name", served);
    // Whether its calls can be tasks here is this server's to say.
    description.remove("execution");
    String own = entry.sent().path("name").asString();
    ToolPolicy policy =
        policies.of(
            description,
            new ForeignTool(ForeignTool.settings(of.upstream(), own), of.trusted(), of.queue()));
    Repeat repeat =
        resumes(of, entry.sent())
            ? policy.retry().repeatable() ? Repeat.YES_OR_FOLLOW : Repeat.FOLLOW
            : policy.retry().repeatable() ? Repeat.YES : Repeat.NO;
    return new Tool(
        description,
        policy,
        handlers.get().tool(of.ref(), own, entry.sent(), repeat),
        Tool.CALL,
        entry.named().id());
  }

  /** Whether a call may become a task of the upstream that a second attempt resumes. */
  private static boolean resumes(Published of, ObjectNode tool) {
    JsonNode capabilities = of.about().capabilities();
    boolean modern = capabilities.path("extensions").has("io.modelcontextprotocol/tasks");
    boolean legacy =
        capabilities.path("tasks").path("requests").path("tools").has("call")
            && List.of("optional", "required")
                .contains(tool.path("execution").path("taskSupport").asString(""));
    return of.url() && (modern || legacy);
  }

  private Map<String, Resource> resources(
      List<Published> all,
      Map<String, ResourceOwners.Owned> owned,
      Map<String, List<LeftOut>> leftOut) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (Published of : all) {
      PrimitiveHandler reader = handlers.get().resource(of.ref());
      for (ObjectNode sent : of.lists().resources()) {
        String uri = sent.path("uri").asString("");
        if (uri.isEmpty() || sent.path("name").asString("").isEmpty()) {
          leftOut
              .getOrDefault(of.upstream(), new ArrayList<>())
              .add(new LeftOut(uri, "the resource has no URI or no name"));
        } else if (!resources.containsKey(uri) && !isOwn(uri)) {
          resources.put(uri, new Resource(sent, reader));
          owned.put(uri, new ResourceOwners.Owned(of.upstream(), uri));
        } else {
          String served = SharedUri.of(of.upstream(), uri);
          resources.putIfAbsent(
              served,
              new Resource(
                  sent.deepCopy().put("uri", served), SharedUri.reader(of.upstream(), reader)));
          owned.putIfAbsent(served, new ResourceOwners.Owned(of.upstream(), uri));
        }
      }
    }
    return resources;
  }

  private boolean isOwn(String uri) {
    return own.resourceName(uri).filter(uri::equals).isPresent();
  }

  private List<Snapshot.Template> templates(
      List<Published> all,
      List<ResourceOwners.Matching> matching,
      Map<Completion.Reference, Completion> completions) {
    List<Snapshot.Template> templates = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    own.templates().forEach(template -> texts.add(template.template().toString()));
    for (Published of : all) {
      PrimitiveHandler reader = handlers.get().resource(of.ref());
      PrimitiveHandler sharedReader = SharedUri.reader(of.upstream(), reader);
      for (ObjectNode sent : of.lists().templates()) {
        String text = sent.path("uriTemplate").asString("");
        if (text.isEmpty() || sent.path("name").asString("").isEmpty()) {
          continue;
        }
        boolean free = texts.add(text);
        String served = free ? text : SharedUri.of(of.upstream(), text);
        if (!free && !texts.add(served)) {
          continue;
        }
        UriPattern pattern = UriPattern.of(served);
        matching.add(
            new ResourceOwners.Matching(
                pattern, of.upstream(), free ? "" : SharedUri.of(of.upstream(), "")));
        templates.add(
            new Snapshot.Template(
                new ResourceTemplate(
                    sent.deepCopy().put("uriTemplate", served),
                    UriTemplate.unmatched(served),
                    free ? reader : sharedReader),
                pattern));
        if (of.about().capabilities().has("completions")) {
          var reference = new Completion.Reference(Completion.Kind.RESOURCE, served);
          completions.put(
              reference,
              new Completion(
                  reference,
                  handlers.get().completion(of.ref(), ref(Completion.Kind.RESOURCE, text))));
        }
      }
    }
    return List.copyOf(templates);
  }

  /** Where a URI goes that nobody lists, such as one in a result of a tool: to the only one. */
  private static @Nullable Published anyUri(List<Published> all) {
    List<Published> with =
        all.stream().filter(of -> of.about().capabilities().has("resources")).toList();
    return with.size() == 1 ? with.getFirst() : null;
  }

  /** The upstreams that announce updates of resources. */
  private static Set<String> announcing(List<Published> all) {
    return all.stream()
        .filter(of -> of.about().capabilities().at("/resources/subscribe").asBoolean(false))
        .map(Published::upstream)
        .collect(Collectors.toSet());
  }

  private void prompts(
      List<Published> all,
      Map<String, Prompt> prompts,
      Map<Completion.Reference, Completion> completions) {
    List<Entry> entries = new ArrayList<>();
    for (Published of : all) {
      Set<String> names = new HashSet<>();
      for (ObjectNode sent : of.lists().prompts()) {
        String name = sent.path("name").asString("");
        if (!name.isEmpty() && names.add(name)) {
          entries.add(
              new Entry(
                  of, sent, new Named(of.upstream(), name, ServedNames.id(of.upstream(), name))));
        }
      }
    }
    ServedNames names =
        new ServedNames(name -> own.prompt(name).isPresent())
            .add(entries.stream().map(Entry::named).toList());
    Map<Named, Prompt> made = new HashMap<>();
    for (Entry entry : entries) {
      Published of = entry.of();
      String own = entry.sent().path("name").asString();
      String served = names.served(entry.named());
      Prompt prompt =
          new Prompt(
              entry.sent().deepCopy().put("name", served),
              handlers.get().prompt(of.ref(), own),
              false);
      made.put(entry.named(), prompt);
      prompts.put(served, prompt);
    }
    names
        .byName()
        .forEach((name, named) -> {
          Prompt prompt = made.get(named);
          if (prompt != null) {
            prompts.putIfAbsent(name, prompt);
          }
        });
    for (Entry entry : entries) {
      if (entry.of().about().capabilities().has("completions")) {
        ObjectNode ref = ref(Completion.Kind.PROMPT, entry.sent().path("name").asString());
        PrimitiveHandler handler = handlers.get().completion(entry.of().ref(), ref);
        names
            .byName()
            .forEach((name, named) -> {
              if (named.equals(entry.named())) {
                var of = new Completion.Reference(Completion.Kind.PROMPT, name);
                completions.put(of, new Completion(of, handler));
              }
            });
      }
    }
  }

  private static ObjectNode ref(Completion.Kind kind, String id) {
    return JsonNodeFactory.instance.objectNode().put("type", kind.wire()).put(kind.field(), id);
  }
}
