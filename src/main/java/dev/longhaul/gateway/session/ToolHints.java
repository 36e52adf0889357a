package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.schema.MirroredParams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call of a tool has to know of the tool's description, for all sessions with one upstream.
 * It is learned from each list of the tools.
 */
final class ToolHints {
  private volatile @Nullable Map<String, Hint> tools;

  /**
   * Of one tool.
   *
   * @param params the arguments that a call repeats in HTTP headers
   * @param task whether it can or must run as a task of 2025-11-25
   */
  record Hint(MirroredParams params, boolean task) {
    static final Hint NONE = new Hint(MirroredParams.NONE, false);
  }

  /** Reads the list, and has it learned. */
  @FunctionalInterface
  interface Reader {
    void read() throws InterruptedException;
  }

  void learn(List<ObjectNode> list) {
    Map<String, Hint> learned = new HashMap<>();
    for (ObjectNode tool : list) {
      String support = tool.at("/execution/taskSupport").stringValue("");
      var hint = new Hint(params(tool), support.equals("optional") || support.equals("required"));
      if (!hint.equals(Hint.NONE)) {
        learned.put(tool.path("name").stringValue(""), hint);
      }
    }
    tools = Map.copyOf(learned);
  }

  /**
   * What is known of a tool.
   *
   * @param reader reads the list, and so has it learned, if that has never been done
   * @throws UpstreamLostException if the list cannot be read; then the call was not sent
   */
  Hint of(String tool, Reader reader) throws InterruptedException {
    if (tools == null) {
      renew(reader);
    }
    Map<String, Hint> learned = tools;
    return learned == null ? Hint.NONE : learned.getOrDefault(tool, Hint.NONE);
  }

  /**
   * Learns the list again.
   *
   * @throws UpstreamLostException if it cannot be read; the call that needs it has not run
   */
  void renew(Reader reader) throws InterruptedException {
    try {
      reader.read();
    } catch (UpstreamLostException e) {
      throw new UpstreamLostException(
          "The tools of the upstream cannot be read: " + e.getMessage(), false, e.status(), e);
    }
  }

  // A tool with invalid annotations is not served, so nobody calls it.
  private static MirroredParams params(ObjectNode tool) {
    try {
      return MirroredParams.of(tool.path("inputSchema"));
    } catch (IllegalArgumentException e) {
      return MirroredParams.NONE;
    }
  }
}
