package dev.longhaul.rest.compat;

import dev.longhaul.queue.JobFilter;
import dev.longhaul.schema.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The params of the command queue. {@link #read} refuses whatever is wrong with any of them, so the
 * record holds only what makes sense.
 *
 * @param jobId the caller's name for the job
 * @param tool which tool add_job runs, or null for the default
 * @param arguments its arguments
 * @param force whether delete_job may end what runs
 * @param status which jobs list_jobs shows, or null for all
 * @param cursor where the page before ended, or null
 * @param limit how many jobs a page has at most
 */
record CommandParams(
    String action,
    String jobId,
    @Nullable String tool,
    ObjectNode arguments,
    boolean force,
    @Nullable String status,
    @Nullable String cursor,
    int limit) {
  static final List<String> ACTIONS =
      List.of(
          "add_job", "start_job", "stop_job", "get_status", "list_jobs", "delete_job", "health");

  /** Arguments that queuemgr's example server takes beside the job's id instead of in params. */
  static final List<String> FLAT = List.of("task_name", "duration");

  private static final Set<String> FIELDS =
      Set.of(
          "action",
          "job_id",
          "params",
          "tool",
          "force",
          "status_filter",
          "cursor",
          "limit",
          FLAT.get(0),
          FLAT.get(1));
  private static final String DEFAULT_ID = "default_job";
  private static final int LONGEST_ID = 255;
  private static final int LONGEST_CURSOR = 500;
  private static final int DEFAULT_LIMIT = 100;

  /**
   * Reads them.
   *
   * @throws CommandException that names every field that is wrong
   */
  static CommandParams read(ObjectNode params) {
    FieldErrors errors = new FieldErrors();
    for (String name : params.propertyNames()) {
      if (errors.full()) {
        break;
      }
      if (!FIELDS.contains(name)) {
        errors.add(shortened(name), "is " + errors.unknown(name, FIELDS));
      }
    }
    CommandParams read =
        new CommandParams(
            action(params, errors),
            jobId(params, errors),
            text(params, "tool", JobStatus.LONGEST_TOOL, errors),
            arguments(params, errors),
            force(params, errors),
            status(params, errors),
            text(params, "cursor", LONGEST_CURSOR, errors),
            limit(params, errors));
    errors.check();
    return read;
  }

  private static String action(ObjectNode params, FieldErrors errors) {
    String action = params.path("action").stringValue("");
    if (!ACTIONS.contains(action)) {
      errors.add(
          "action",
          action.isEmpty()
              ? "is required: one of " + String.join(", ", ACTIONS)
              : "is " + NearestName.unknown(shortened(action), ACTIONS));
    }
    return action;
  }

  private static String jobId(ObjectNode params, FieldErrors errors) {
    JsonNode node = given(params, "job_id");
    if (node == null) {
      return DEFAULT_ID;
    }
    String id = node.stringValue("");
    if (id.isBlank() || id.length() > LONGEST_ID || !id.codePoints().allMatch(CommandParams::fit)) {
      errors.add(
          "job_id",
          "must be a string of 1 to " + LONGEST_ID + " characters, without control characters");
    }
    return id;
  }

  // Half a pair is no character, and has no form in UTF-8 that would tell it from another half.
  private static boolean fit(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }

  private static ObjectNode arguments(ObjectNode params, FieldErrors errors) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    for (String name : FLAT) {
      JsonNode flat = given(params, name);
      if (flat != null) {
        arguments.set(name, flat);
      }
    }
    JsonNode own = given(params, "params");
    if (own instanceof ObjectNode object) {
      arguments.setAll(object);
    } else if (own != null) {
      errors.add("params", "must be an object: the arguments of the tool");
    }
    return arguments;
  }

  private static boolean force(ObjectNode params, FieldErrors errors) {
    JsonNode node = given(params, "force");
    if (node != null && !node.isBoolean()) {
      errors.add("force", "must be true or false");
    }
    return node != null && node.isBoolean() && node.booleanValue();
  }

  private static @Nullable String status(ObjectNode params, FieldErrors errors) {
    String status = text(params, "status_filter", LONGEST_ID, errors);
    if (status == null) {
      return null;
    }
    String lower = status.strip().toLowerCase(Locale.ROOT);
    if (!JobStatus.NAMES.contains(lower)) {
      errors.add("status_filter", "is " + NearestName.unknown(status, JobStatus.NAMES));
    }
    return lower;
  }

  private static int limit(ObjectNode params, FieldErrors errors) {
    JsonNode node = given(params, "limit");
    if (node == null) {
      return DEFAULT_LIMIT;
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      int limit = node.asInt();
      if (limit >= 1 && limit <= JobFilter.MAX_LIMIT) {
        return limit;
      }
    }
    errors.add("limit", "must be a whole number of 1 to " + JobFilter.MAX_LIMIT);
    return DEFAULT_LIMIT;
  }

  private static @Nullable String text(
      ObjectNode params, String name, int longest, FieldErrors errors) {
    JsonNode node = given(params, name);
    if (node == null) {
      return null;
    }
    String text = node.stringValue("");
    if (text.isBlank() || text.length() > longest) {
      errors.add(name, "must be a string of 1 to " + longest + " characters");
    }
    return text;
  }

  /** The field, or null if it is absent or null. */
  private static @Nullable JsonNode given(ObjectNode params, String name) {
    JsonNode node = params.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /** Enough of a name from outside to be recognised. */
  static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
