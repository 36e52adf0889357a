package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Progress;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.Replies;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a call's progress to its client if it asked for that. The values sent increase strictly, as
 * every revision requires (basic/utilities/progress), whatever the tool reports.
 */
public final class ProgressFeed {
  /** The increase with which a new message is sent when the progress has not advanced. */
  private static final double NUDGE = 1e-4;

  private final @Nullable JsonNode token;
  private final Reply reply;
  private double last = Double.NEGATIVE_INFINITY;
  private @Nullable String lastMessage;
  private boolean counting;

  /**
   * @param token the request's progress token, echoed with its JSON type; null to send nothing
   */
  public ProgressFeed(@Nullable JsonNode token, Reply reply) {
    this.token = token;
    this.reply = reply;
  }

  /**
   * A feed that continues after the notifications sent by another one.
   *
   * @param told the params of the last notification, or null if there was none
   */
  public static ProgressFeed after(@Nullable JsonNode told, @Nullable JsonNode token, Reply reply) {
    ProgressFeed feed = new ProgressFeed(token, reply);
    if (told != null) {
      feed.last = told.path("progress").asDouble(feed.last);
      feed.lastMessage = told.path("message").stringValue(null);
      feed.counting = !told.has("total");
    }
    return feed;
  }

  /** A job's progress: its fraction of 1, or a running count while the total is unknown. */
  public synchronized void report(Progress progress) {
    Double fraction = progress.fraction();
    String message = progress.message();
    boolean newMessage = message != null && !message.equals(lastMessage);
    // A fraction is below any count that was sent before: keep counting.
    if (fraction == null || counting) {
      if (newMessage) {
        counting = true;
        send(Math.floor(Math.max(last, 0)) + 1, null, message);
      }
    } else if (fraction > last) {
      send(fraction, 1.0, message);
    } else if (newMessage && Progress.rounded(last + NUDGE) < 1) {
      send(Progress.rounded(last + NUDGE), 1.0, message);
    }
  }

  /**
   * An inline tool's progress in its own numbers, rounded to four decimals; values that do not
   * increase are dropped.
   */
  public synchronized void report(
      double progress, @Nullable Double total, @Nullable String message) {
    double round = Progress.rounded(progress);
    if (round > last) {
      send(round, total == null ? null : (Double) Progress.rounded(total), message);
    }
  }

  private void send(double progress, @Nullable Double total, @Nullable String message) {
    last = progress;
    lastMessage = message;
    if (token == null) {
      return;
    }
    ObjectNode params = Replies.object();
    params.set("progressToken", token);
    number(params, "progress", progress);
    if (total != null) {
      number(params, "total", total);
    }
    if (message != null) {
      params.put("message", message);
    }
    reply.send(Replies.notification("notifications/progress", params));
  }

  private static void number(ObjectNode params, String name, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      params.put(name, (long) value);
    } else {
      params.put(name, value);
    }
  }
}
