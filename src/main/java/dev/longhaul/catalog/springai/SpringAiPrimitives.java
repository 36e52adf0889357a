package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.Resource;
import dev.longhaul.catalog.ResourceTemplate;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.catalog.springai.AnnotatedMethods.Found;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CompleteReference;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.adapter.CompleteAdapter;
import org.springframework.ai.mcp.annotation.common.McpPredicates;
import org.springframework.ai.mcp.annotation.method.complete.SyncMcpCompleteMethodCallback;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Registers Spring AI's resources, prompts and completions: annotated methods, and specification
 * beans. An annotated method wins over a specification of the same name; two annotated methods of
 * the same name are refused.
 */
public final class SpringAiPrimitives implements SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(SpringAiPrimitives.class);
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final AnnotatedMethods methods;
  private final ApplicationContext context;
  private final RegisteredPrimitives registry;
  private final JsonMapper json;
  private final ResourceDescriptions descriptions;

  public SpringAiPrimitives(
      ObjectProvider<ServerMcpAnnotatedBeans> annotated,
      ApplicationContext context,
      RegisteredPrimitives registry,
      JsonMapper json) {
    this.methods = new AnnotatedMethods(annotated, context);
    this.context = context;
    this.registry = registry;
    this.json = json;
    this.descriptions = new ResourceDescriptions(json);
  }

  // The annotated beans are known only when all singletons have been created.
  @Override
  public void afterSingletonsInstantiated() {
    Map<String, Resource> resources = new TreeMap<>();
    Map<String, ResourceTemplate> templates = new TreeMap<>();
    for (Found<McpResource> found : methods.find(McpResource.class)) {
      if (McpPredicates.isUriTemplate(found.annotation().uri())) {
        ResourceTemplate template = checked(found, () -> template(found));
        unique(templates, template.template().toString(), template, found.where());
      } else {
        Resource resource = checked(found, () -> resource(found));
        unique(resources, resource.uri(), resource, found.where());
      }
    }
    Map<String, Prompt> prompts = new TreeMap<>();
    for (Found<McpPrompt> found : methods.find(McpPrompt.class)) {
      Prompt prompt = checked(found, () -> prompt(found));
      unique(prompts, prompt.name(), prompt, found.where());
    }
    Map<Completion.Reference, Completion> completions = new LinkedHashMap<>();
    for (Found<McpComplete> found : methods.find(McpComplete.class)) {
      Completion completion = checked(found, () -> completion(found));
      unique(completions, completion.of(), completion, found.where());
    }
    addSpecifications(resources, templates, prompts, completions);
    resources.values().forEach(registry::register);
    templates.values().forEach(registry::register);
    prompts.values().forEach(registry::register);
    completions.values().forEach(registry::register);
    log.info(
        "Serving {} resources, {} resource templates, {} prompts and {} completions",
        resources.size(),
        templates.size(),
        prompts.size(),
        completions.size());
  }

  private void addSpecifications(
      Map<String, Resource> resources,
      Map<String, ResourceTemplate> templates,
      Map<String, Prompt> prompts,
      Map<Completion.Reference, Completion> completions) {
    for (var each : Specifications.of(context, SyncResourceSpecification.class)) {
      resources.putIfAbsent(
          each.resource().uri(),
          new Resource(descriptions.clean(each.resource()), reader(each.readHandler())));
    }
    for (var each : Specifications.of(context, SyncResourceTemplateSpecification.class)) {
      String text = each.resourceTemplate().uriTemplate();
      templates.putIfAbsent(
          text,
          new ResourceTemplate(
              descriptions.clean(each.resourceTemplate()),
              UriTemplate.of(text),
              reader(each.readHandler())));
    }
    for (var each : Specifications.of(context, SyncPromptSpecification.class)) {
      prompts.putIfAbsent(
          each.prompt().name(),
          new Prompt(
              descriptions.clean(each.prompt()),
              new SpecificationHandler<>(
                  each.promptHandler(),
                  (call, meta) ->
                      new GetPromptRequest(
                          each.prompt().name(), map(call.params().path("arguments")), meta),
                  json)));
    }
    for (var each : Specifications.of(context, SyncCompletionSpecification.class)) {
      Completion.Reference of = reference(each.referenceKey());
      completions.putIfAbsent(of, completion(of, each));
    }
  }

  private Resource resource(Found<McpResource> found) {
    return new Resource(
        descriptions.resource(found.method(), found.annotation()),
        new ResourceMethod(found.bean(), found.method(), found.annotation(), json));
  }

  private ResourceTemplate template(Found<McpResource> found) {
    return new ResourceTemplate(
        descriptions.template(found.method(), found.annotation()),
        UriTemplate.of(found.annotation().uri()),
        new ResourceMethod(found.bean(), found.method(), found.annotation(), json));
  }

  private Prompt prompt(Found<McpPrompt> found) {
    var prompt = PromptDescriptions.of(found.method(), found.annotation());
    if (prompt.description().isBlank()) {
      log.warn("Prompt {} has no description; set @McpPrompt(description = …).", prompt.name());
    }
    return new Prompt(
        descriptions.clean(prompt), new PromptMethod(found.bean(), found.method(), prompt, json));
  }

  private Completion completion(Found<McpComplete> found) {
    CompleteReference key = CompleteAdapter.asCompleteReference(found.annotation(), found.method());
    var callback =
        SyncMcpCompleteMethodCallback.builder()
            .method(found.method())
            .bean(found.bean())
            .reference(key)
            .build();
    return completion(reference(key), new SyncCompletionSpecification(key, callback));
  }

  private Completion completion(
      Completion.Reference of, SyncCompletionSpecification specification) {
    return new Completion(
        of,
        new SpecificationHandler<>(
            specification.completionHandler(),
            (call, meta) -> {
              JsonNode argument = call.params().path("argument");
              JsonNode known = call.params().path("context").path("arguments");
              return new CompleteRequest(
                  specification.referenceKey(),
                  new CompleteRequest.CompleteArgument(
                      argument.path("name").asString(), argument.path("value").asString()),
                  meta,
                  known.isObject()
                      ? new CompleteRequest.CompleteContext(
                          json.convertValue(known, new TypeReference<Map<String, String>>() {}))
                      : null);
            },
            json));
  }

  private PrimitiveHandler reader(
      BiFunction<McpSyncServerExchange, ReadResourceRequest, ?> handler) {
    return new SpecificationHandler<>(
        handler,
        (call, meta) -> new ReadResourceRequest(call.params().path("uri").asString(), meta),
        json);
  }

  private static Completion.Reference reference(CompleteReference key) {
    return switch (key) {
      case PromptReference prompt ->
          new Completion.Reference(Completion.Kind.PROMPT, prompt.name());
      case ResourceReference resource ->
          new Completion.Reference(Completion.Kind.RESOURCE, resource.uri());
      default ->
          throw new IllegalStateException("A completion has the unknown reference " + key + ".");
    };
  }

  private Map<String, Object> map(JsonNode arguments) {
    return json.convertValue(arguments, MAP);
  }

  /** Reads a method, and adds its name to Spring AI's error messages. */
  private static <T> T checked(Found<?> found, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "Cannot serve " + found.where() + ": " + e.getMessage() + ".", e);
    }
  }

  private static <K, V> void unique(Map<K, V> known, K key, V value, String where) {
    if (known.putIfAbsent(key, value) != null) {
      throw new IllegalStateException(
          "Cannot serve " + where + ": another method serves '" + key + "' already; change one.");
    }
  }
}
