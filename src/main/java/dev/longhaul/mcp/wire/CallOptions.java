package dev.longhaul.mcp.wire;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.OptionsReader;
import dev.longhaul.schema.Violation;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads how a tools/call is to run from its {@code _meta}, the same on all revisions: the names of
 * the REST API behind {@value #PREFIX}.
 */
public final class CallOptions {
  /** What the keys of Longhaul begin with. */
  public static final String PREFIX = "dev.longhaul/";

  private static final String REPEAT = PREFIX + "repeat";
  private static final String NEW = "new";

  private CallOptions() {}

  /** Whether the call is to be a job of its own even if the same call goes on as an operation. */
  public static boolean wantsNewJob(JsonNode meta) {
    return meta.path(REPEAT).stringValue("").equals(NEW);
  }

  /**
   * The options; whatever does not begin with the prefix is not looked at.
   *
   * @param meta the {@code _meta} of the params, or a missing node
   * @throws RpcException {@code INVALID_PARAMS}, naming every key that is unknown or wrong
   */
  public static JobOptions of(JsonNode meta) {
    OptionsReader reader = new OptionsReader(name -> meta.get(PREFIX + name));
    JobOptions options = reader.read().build();
    Violations wrong = new Violations();
    wrong.addAll(reader.violations());
    for (String key : meta.propertyNames()) {
      if (wrong.full()) {
        break;
      }
      if (key.equals(REPEAT)) {
        if (!meta.path(key).stringValue("").equals(NEW)) {
          wrong.add("repeat", "must be \"" + NEW + "\", or be left out");
        }
      } else if (key.startsWith(PREFIX)
          && !OptionsReader.NAMES.contains(key.substring(PREFIX.length()))) {
        wrong.add(
            key.substring(PREFIX.length()),
            "is unknown; known are " + String.join(", ", new TreeSet<>(OptionsReader.NAMES)));
      }
    }
    if (!wrong.none()) {
      throw refused(wrong.list());
    }
    return options;
  }

  private static RpcException refused(List<Violation> wrong) {
    ObjectNode data = Replies.object();
    var violations = data.putArray("violations");
    List<String> words = new ArrayList<>();
    for (Violation violation : wrong) {
      String key = PREFIX + violation.path();
      words.add("_meta[\"" + key + "\"] " + violation.message());
      violations
          .addObject()
          .put("path", "/_meta/" + key.replace("~", "~0").replace("/", "~1"))
          .put("message", violation.message());
    }
    return new RpcException(
        200, new RpcError(ErrorCode.INVALID_PARAMS, String.join("; ", words) + ".", data));
  }
}
