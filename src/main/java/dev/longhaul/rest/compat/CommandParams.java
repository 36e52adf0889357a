package dev.longhaul.rest.compat;

import dev.longhaul.intake.request.RequestSchema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The params of the command queue ({@code queue-command.json}).
 *
 * @param params the arguments of the tool that add_job runs
 * @param tool that tool, or null for the default
 * @param force whether delete_job may end a running job
 * @param statusFilter which jobs list_jobs shows, or null for all
 * @param cursor the end of the previous page, or null
 * @param taskName an argument that queuemgr's example server accepts beside the job's id
 * @param duration another such argument
 */
record CommandParams(
    String action,
    @Nullable String jobId,
    @Nullable ObjectNode params,
    @Nullable String tool,
    boolean force,
    @Nullable String statusFilter,
    @Nullable String cursor,
    @Nullable Integer limit,
    @Nullable JsonNode taskName,
    @Nullable JsonNode duration) {
  private static final RequestSchema SCHEMA = RequestSchema.of("queue-command.json");
  private static final String DEFAULT_ID = "default_job";
  private static final int DEFAULT_LIMIT = 100;

  /**
   * Reads them.
   *
   * @throws CommandException that names every field that is wrong
   */
  static CommandParams read(ObjectNode params) {
    return SCHEMA.read(
        params, CommandParams.class, violations -> CommandErrors.fields("", violations));
  }

  /** The caller's name for the job. */
  String job() {
    return jobId == null ? DEFAULT_ID : jobId;
  }

  /** The most jobs on a page. */
  int most() {
    return limit == null ? DEFAULT_LIMIT : limit;
  }

  /** The status of the jobs to be shown, as this API names it, or null for all. */
  @Nullable String status() {
    return statusFilter == null ? null : statusFilter.strip().toLowerCase(Locale.ROOT);
  }

  /** All arguments of the tool. */
  ObjectNode arguments() {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    put(arguments, "task_name", taskName);
    put(arguments, "duration", duration);
    return params == null ? arguments : arguments.setAll(params);
  }

  /** Those of them that queuemgr's example server shows in its answer. */
  ObjectNode flat() {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    put(flat, "task_name", arguments().get("task_name"));
    put(flat, "duration", arguments().get("duration"));
    return flat;
  }

  private static void put(ObjectNode object, String name, @Nullable JsonNode value) {
    if (value != null) {
      object.set(name, value);
    }
  }
}
