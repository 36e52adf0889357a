package dev.longhaul.catalog;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.CacheScope;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Determines the policy of a tool from the configuration, else its author's {@link LonghaulTool},
 * else its description.
 */
public final class ToolPolicies {
  static final String PREFIX = "longhaul.tools.";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration DEFAULT_CACHE_TIME = Duration.ofMinutes(5);
  private static final int REPEATABLE_ATTEMPTS = 3;
  private static final String CACHE_TIME = "longhaul.cache.time";

  private final Environment environment;
  private final Binder binder;

  public ToolPolicies(Environment environment) {
    this.environment = environment;
    this.binder = Binder.get(environment);
  }

  /**
   * The settings of tools that none of these tools has, each with what is wrong with it.
   *
   * @param tools the names of all tools
   */
  public List<String> unknownSettings(Collection<String> tools) {
    return UnknownSettingsCheck.problems(environment, tools, List.of(), false).stream()
        .filter(problem -> problem.startsWith(PREFIX) || problem.startsWith("LONGHAUL_TOOLS_"))
        .toList();
  }

  /** The policy of a tool without an annotation, from its entry in tools/list. */
  public ToolPolicy of(ObjectNode description) {
    return of(description, null, "", Execution.QUEUED);
  }

  /**
   * The policy of a tool without an annotation that has its own default execution.
   *
   * @param byDefault the execution if no setting names one
   */
  public ToolPolicy of(ObjectNode description, Execution byDefault) {
    return of(description, null, "", byDefault);
  }

  /**
   * The policy of a tool of another origin, whose failures may be retried if the call was not sent.
   *
   * @throws ToolSettingsException if a value is invalid; it names the tool and the setting
   */
  public ToolPolicy of(ObjectNode description, ForeignTool foreign) {
    String name = description.path("name").asString();
    var configuration = new SettingsSource.Configuration(name);
    SettingsCheck check = new SettingsCheck(configuration);
    ToolSettings configured =
        check
            .checked(settings(places(name), configuration))
            .orElse(check.checked(settings(foreign.settings(), configuration)));
    ObjectNode hints = description.deepCopy();
    if (!foreign.trusted()) {
      hints.remove("annotations");
    }
    ToolPolicy policy = policy(hints, configured, configuration, Execution.QUEUED);
    return policy
        .but()
        .queue(foreign.queue() == null ? policy.queue() : foreign.queue())
        .retry(
            new RetryPolicy(
                Objects.requireNonNullElse(configured.attempts(), ForeignTool.BACKOFF.size() + 1),
                Objects.requireNonNullElse(configured.backoff(), ForeignTool.BACKOFF),
                policy.retry().repeatable()))
        .build();
  }

  /**
   * The policy of a tool.
   *
   * @param description its entry in tools/list
   * @param annotation its author's settings
   * @param where the class and method, for messages
   * @throws ToolSettingsException if a value is invalid; it names the tool and the setting
   */
  public ToolPolicy of(ObjectNode description, LonghaulTool annotation, String where) {
    return of(description, annotation, where, Execution.QUEUED);
  }

  private ToolPolicy of(
      ObjectNode description,
      @Nullable LonghaulTool annotation,
      String where,
      Execution byDefault) {
    String name = description.path("name").asString();
    var configuration = new SettingsSource.Configuration(name);
    ToolSettings configured =
        new SettingsCheck(configuration).checked(settings(places(name), configuration));
    var author = new SettingsSource.Annotation(name, where);
    ToolSettings annotated =
        annotation == null
            ? ToolSettings.NONE
            : new SettingsCheck(author).checked(new AnnotatedSettings(author).of(annotation));
    SettingsSource taskSupport =
        configured.taskSupport() == null && annotated.taskSupport() != null
            ? author
            : configuration;
    return policy(description, configured.orElse(annotated), taskSupport, byDefault);
  }

  private ToolPolicy policy(
      ObjectNode description,
      ToolSettings settings,
      SettingsSource taskSupport,
      Execution byDefault) {
    boolean repeatable =
        settings.repeatable() != null
            ? settings.repeatable()
            : saysRepeatable(description.path("annotations"));
    RetryPolicy retry =
        new RetryPolicy(
            Objects.requireNonNullElse(settings.attempts(), repeatable ? REPEATABLE_ATTEMPTS : 1),
            Objects.requireNonNullElse(settings.backoff(), RetryPolicy.DEFAULT_BACKOFF),
            repeatable);
    Execution execution = Objects.requireNonNullElse(settings.execution(), byDefault);
    return new ToolPolicy(
        execution,
        Objects.requireNonNullElse(settings.queue(), ToolPolicy.DEFAULT_QUEUE),
        Objects.requireNonNullElse(settings.priority(), Priority.DEFAULT),
        Objects.requireNonNullElse(settings.timeout(), DEFAULT_TIMEOUT),
        retry,
        false,
        new Limits(settings.concurrency(), settings.rate(), null),
        new BreakerPolicy(
            Objects.requireNonNullElse(
                settings.breakerFailures(), BreakerPolicy.DEFAULT.failures()),
            Objects.requireNonNullElse(settings.breakerOpen(), BreakerPolicy.DEFAULT.open())),
        taskSupport(description, settings, execution, taskSupport),
        times(settings),
        settings.permanentExceptions() == null
            ? PermanentExceptions.DEFAULT
            : PermanentExceptions.named(settings.permanentExceptions()));
  }

  private ToolPolicy.Times times(ToolSettings settings) {
    Duration cache =
        Boolean.FALSE.equals(settings.cacheable())
            ? null
            : settings.cache() == null && Boolean.TRUE.equals(settings.cacheable())
                ? binder.bind(CACHE_TIME, Duration.class).orElse(DEFAULT_CACHE_TIME)
                : settings.cache();
    return new ToolPolicy.Times(
        settings.hold(),
        cache == null || cache.isZero() ? null : cache,
        Objects.requireNonNullElse(settings.estimate(), ToolPolicy.Times.DEFAULT.estimate()),
        new CacheRules(
            Objects.requireNonNullElse(settings.cacheScope(), CacheScope.CALLER),
            Objects.requireNonNullElse(settings.cacheWhen(), List.of())),
        settings.pollInterval(),
        settings.slowAfter());
  }

  private static TaskSupport taskSupport(
      ObjectNode description, ToolSettings settings, Execution execution, SettingsSource source) {
    TaskSupport support =
        Objects.requireNonNullElse(
            settings.taskSupport(),
            TaskSupport.fromWire(description.path("execution").path("taskSupport").asString(""))
                .orElse(TaskSupport.byDefault(execution)));
    if (support != TaskSupport.FORBIDDEN && execution == Execution.INLINE) {
      throw source.wrong(
          "taskSupport",
          support.wire(),
          "a tool that runs inline is never a task; set "
              + PREFIX
              + description.path("name").asString()
              + ".task-support to forbidden, or its execution to queued or auto");
    }
    return support;
  }

  private ToolSettings settings(List<ConfigurationPropertyName> places, SettingsSource source) {
    // Bound one tool at a time: "longhaul.tools" cannot be bound as a map, because the old variable
    // LONGHAUL_TOOLS, the directory of tool jars, gives it a value.
    ToolSettings settings = ToolSettings.NONE;
    for (ConfigurationPropertyName place : places) {
      try {
        settings =
            settings.orElse(
                binder.bind(place, Bindable.of(ToolSettings.class)).orElse(ToolSettings.NONE));
      } catch (BindException e) {
        throw source.wrong(e).map(RuntimeException.class::cast).orElse(e);
      }
    }
    return settings;
  }

  /** The names under which a tool's settings are read; the first one wins. */
  static List<ConfigurationPropertyName> places(String tool) {
    // Brackets are for names that contain dots.
    return List.of(
        ConfigurationPropertyName.adapt(PREFIX + tool, '.'),
        ConfigurationPropertyName.of(PREFIX.substring(0, PREFIX.length() - 1) + "[" + tool + "]"));
  }

  // A read-only or idempotent tool may be repeated (server/tools.mdx, ToolAnnotations). @McpTool
  // sets neither hint by default.
  private static boolean saysRepeatable(JsonNode annotations) {
    return List.of("readOnlyHint", "idempotentHint").stream()
        .anyMatch(hint -> annotations.path(hint).asBoolean(false));
  }
}
