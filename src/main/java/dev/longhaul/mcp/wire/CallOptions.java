package dev.longhaul.mcp.wire;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.request.RequestSchema;
import dev.longhaul.schema.Pointers;
import dev.longhaul.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the job options of a tools/call from its {@code _meta}, on all revisions: the option names
 * of the REST API with the prefix {@value #PREFIX}.
 */
public final class CallOptions {
  /** The prefix of Longhaul's keys. */
  public static final String PREFIX = "dev.longhaul/";

  private static final RequestSchema SCHEMA = RequestSchema.of("call-options.json");

  private CallOptions() {}

  /** Whether the call must get a new job even if an identical call is in progress. */
  public static boolean wantsNewJob(JsonNode meta) {
    return meta.path(PREFIX + "repeat").stringValue("").equals("new");
  }

  /**
   * The options; keys without the prefix are ignored.
   *
   * @param meta the {@code _meta} of the params, or a missing node
   * @throws RpcException {@code INVALID_PARAMS}, naming every key that is unknown or invalid
   */
  public static JobOptions of(JsonNode meta) {
    ObjectNode options = Replies.object();
    meta.properties()
        .forEach(entry -> {
          if (entry.getKey().startsWith(PREFIX)) {
            options.set(entry.getKey().substring(PREFIX.length()), entry.getValue());
          }
        });
    return options.isEmpty()
        ? JobOptions.NONE
        : SCHEMA.read(options, JobOptions.class, CallOptions::refused);
  }

  private static RpcException refused(List<Violation> wrong) {
    ObjectNode data = Replies.object();
    var violations = data.putArray("violations");
    List<String> words = new ArrayList<>();
    for (Violation violation : wrong) {
      String name = violation.path().substring(1);
      String key = PREFIX + Pointers.unescaped(name);
      words.add("_meta[\"" + key + "\"] " + violation.message());
      violations
          .addObject()
          .put("path", "/_meta/" + Pointers.escaped(PREFIX) + name)
          .put("message", violation.message());
    }
    return new RpcException(
        200, new RpcError(ErrorCode.INVALID_PARAMS, String.join("; ", words) + ".", data));
  }
}
