package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobLog;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a tool's log messages to the client of its call, filtered by the level that the client
 * asked for.
 */
public final class LogFeed {
  /** From the least to the most severe (server/utilities/logging). */
  public static final List<String> LEVELS =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private final int from;
  private final Reply reply;

  /**
   * @param level the least severe level to be sent, or null to send nothing
   */
  public LogFeed(@Nullable String level, Reply reply) {
    int known = level == null ? -1 : LEVELS.indexOf(level);
    this.from = known < 0 ? LEVELS.size() : known;
    this.reply = reply;
  }

  public void send(JobLog said) {
    if (LEVELS.indexOf(said.level()) < from) {
      return;
    }
    ObjectNode params = Replies.object().put("level", said.level());
    if (said.logger() != null) {
      params.put("logger", said.logger());
    }
    params.set("data", Json.tree(said.data()));
    reply.send(Replies.notification("notifications/message", params));
  }
}
