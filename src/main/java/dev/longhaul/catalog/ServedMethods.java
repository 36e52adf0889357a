package dev.longhaul.catalog;

import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.InvalidParamsException;
import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The MCP methods other than tools/call that this process can run: the validation of their params
 * and their handlers. Each is also available as a {@link Tool}, so that everything that runs tools
 * can run it.
 */
public final class ServedMethods {
  public static final String READ = "resources/read";
  public static final String RESOURCES = "resources/list";
  public static final String TEMPLATES = "resources/templates/list";
  public static final String PROMPT = "prompts/get";
  public static final String PROMPTS = "prompts/list";
  public static final String COMPLETE = "completion/complete";
  public static final String TOOLS = "tools/list";

  /** Their names, in the order of messages that list them. */
  public static final List<String> NAMES =
      List.of(READ, RESOURCES, TEMPLATES, PROMPT, PROMPTS, COMPLETE, TOOLS);

  // All of them only read, so they may be retried.
  private static final int ATTEMPTS = 3;

  private final Primitives primitives;
  private final ServedPrimitives lists;
  private final ToolCatalogue tools;
  private final int pageSize;
  private final ToolPolicy policy;
  private final Map<String, Tool> shapes;

  /**
   * @param timeout how long one attempt of a job may run
   * @param pageSize how many entries a page of a list has at most
   */
  public ServedMethods(ToolCatalogue tools, Primitives primitives, Duration timeout, int pageSize) {
    this.tools = tools;
    this.primitives = primitives;
    this.pageSize = pageSize;
    this.lists = new ServedPrimitives(primitives, List.of(), pageSize, PageCache.NONE);
    this.policy =
        ToolPolicy.of(Execution.QUEUED, timeout)
            .retry(new RetryPolicy(ATTEMPTS, RetryPolicy.DEFAULT_BACKOFF, true))
            .breaker(new BreakerPolicy(0, BreakerPolicy.DEFAULT.open()))
            .taskSupport(TaskSupport.FORBIDDEN)
            .build();
    this.shapes = NAMES.stream().collect(Collectors.toUnmodifiableMap(name -> name, this::shape));
  }

  /**
   * The method as a tool whose arguments are the method's params; empty for another method. Its
   * handler throws {@link InvalidParamsException} and {@link ResourceNotFoundException} as {@link
   * #handler} does.
   */
  public Optional<Tool> find(String method) {
    return Optional.ofNullable(shapes.get(method));
  }

  /**
   * Validates params and drops unknown fields.
   *
   * @throws InvalidParamsException if they are not valid for the method
   */
  public ObjectNode checked(String method, ObjectNode params) {
    return switch (method) {
      case READ -> MethodParams.read(params);
      case PROMPT -> MethodParams.prompt(params);
      case COMPLETE -> MethodParams.complete(params);
      default -> MethodParams.list(params);
    };
  }

  /**
   * The handler of the method for these params; it also validates what the author's code returns.
   *
   * @param params validated by {@link #checked}
   * @throws ResourceNotFoundException if there is no resource at the URI
   * @throws InvalidParamsException if there is no such prompt or template, a required argument is
   *     missing, or the cursor is invalid
   */
  public PrimitiveHandler handler(String method, ObjectNode params) {
    return switch (method) {
      case READ -> reader(params.path("uri").asString());
      case PROMPT -> prompt(params);
      case COMPLETE -> completion(MethodParams.reference(params.path("ref")));
      case RESOURCES -> page(params, lists::resources);
      case TEMPLATES -> page(params, lists::templates);
      case PROMPTS -> page(params, lists::prompts);
      case TOOLS -> page(params, this::tools);
      default -> throw new IllegalArgumentException("unknown method: " + method);
    };
  }

  /**
   * Whether this process can serve a stored request. Any process can serve one with invalid params,
   * since it only gives an error.
   *
   * @param params as they are stored
   */
  public boolean serves(String method, ObjectNode params) {
    return switch (method) {
      case READ -> primitives.reader(params.path("uri").asString("")).isPresent();
      case PROMPT -> primitives.prompt(params.path("name").asString("")).isPresent();
      case COMPLETE -> {
        try {
          Completion.Reference of = MethodParams.reference(params.path("ref"));
          yield primitives.completion(of).isPresent() || known(of);
        } catch (InvalidParamsException e) {
          yield true;
        }
      }
      default -> shapes.containsKey(method);
    };
  }

  /** A request for the method as a call of its {@link #find tool}. */
  public static ObjectNode call(String method, ObjectNode params) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().setAll(params);
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("name", method);
    JsonNode meta = arguments.remove("_meta");
    call.set("arguments", arguments);
    if (meta != null) {
      call.set("_meta", meta);
    }
    return call;
  }

  private Tool shape(String method) {
    return new Tool(
        JsonNodeFactory.instance.objectNode().put("name", method),
        policy,
        call -> {
          ObjectNode params = checked(method, call.arguments());
          return handler(method, params)
              .handle(new PrimitiveCall(params, call.meta(), call.context()));
        },
        method);
  }

  private PrimitiveHandler reader(String uri) {
    PrimitiveHandler reader =
        primitives
            .reader(uri)
            .orElseThrow(() ->
                new ResourceNotFoundException(ResourceUri.unknown(uri), ResourceUri.data(uri)));
    return call -> {
      try {
        return ResourceContents.checked(uri, reader.handle(call));
      } catch (ResourceNotFoundException e) {
        throw e.data() != null
            ? e
            : new ResourceNotFoundException(String.valueOf(e.getMessage()), ResourceUri.data(uri));
      }
    };
  }

  private PrimitiveHandler prompt(ObjectNode params) {
    String name = params.path("name").asString();
    Prompt prompt =
        primitives
            .prompt(name)
            .orElseThrow(
                () -> new InvalidParamsException("/name", "Unknown prompt: " + name + "."));
    JsonNode arguments = params.path("arguments");
    List<String> missing =
        prompt.requiredArguments().stream().filter(each -> !arguments.has(each)).toList();
    if (!missing.isEmpty()) {
      throw new InvalidParamsException(
          "/arguments",
          "The prompt " + name + " needs the arguments " + String.join(", ", missing) + ".");
    }
    return prompt.handler();
  }

  private PrimitiveHandler completion(Completion.Reference of) {
    Optional<PrimitiveHandler> handler = primitives.completion(of).map(Completion::handler);
    if (handler.isEmpty() && !known(of)) {
      throw new InvalidParamsException(
          "/ref/" + of.kind().field(),
          "Unknown "
              + (of.kind() == Completion.Kind.PROMPT ? "prompt" : "resource template")
              + ": "
              + of.id()
              + ".");
    }
    return call ->
        CompletionValues.bounded(
            handler.isPresent()
                ? handler.get().handle(call)
                : JsonNodeFactory.instance.objectNode());
  }

  private boolean known(Completion.Reference of) {
    return switch (of.kind()) {
      case PROMPT -> primitives.prompt(of.id()).isPresent();
      case RESOURCE ->
          primitives.resources().stream().anyMatch(resource -> resource.uri().equals(of.id()))
              || primitives.templates().stream()
                  .map(ResourceTemplate::template)
                  .anyMatch(template -> template.toString().equals(of.id()));
    };
  }

  // Created at once, so that an invalid cursor is refused before the job is stored.
  private static PrimitiveHandler page(
      ObjectNode params, Function<@Nullable JsonNode, ObjectNode> list) {
    ObjectNode page = list.apply(params.get("cursor"));
    return call -> page;
  }

  // The tools as their authors describe them, without what MCP adds for its clients.
  private ObjectNode tools(@Nullable JsonNode cursor) {
    List<Tool> offered = tools.all().stream().filter(tool -> !tool.policy().internal()).toList();
    return Page.of(offered, cursor, pageSize, Tool::name, Tool::description).result("tools");
  }
}
