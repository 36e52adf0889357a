package dev.longhaul.gateway.session;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The calls under way in one session, so that what the upstream sends meanwhile finds its call. */
final class OpenCalls {
  private static final String RELATED_TASK = "io.modelcontextprotocol/related-task";
  // From the least to the most severe (server/utilities/logging).
  private static final List<String> LEVELS =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private final boolean oneAtATime;
  private final AtomicLong tokens = new AtomicLong();
  private final Map<Long, CallFeed> byToken = new ConcurrentHashMap<>();
  private final Map<String, CallFeed> byTask = new ConcurrentHashMap<>();

  /**
   * @param oneAtATime whether the session serves one caller and one call at a time, so that what
   *     names no call belongs to the one that is under way
   */
  OpenCalls(boolean oneAtATime) {
    this.oneAtATime = oneAtATime;
  }

  /** Begins a call; returns its progress token, which {@link #end} takes. */
  long begin(CallFeed feed) {
    long token = tokens.incrementAndGet();
    byToken.put(token, feed);
    return token;
  }

  void end(long token) {
    byToken.remove(token);
  }

  void task(String id, CallFeed feed) {
    byTask.put(id, feed);
  }

  void endTask(String id) {
    byTask.remove(id);
  }

  /** Hands progress to the call with its token; of other tokens nobody hears. */
  void progress(ObjectNode params) {
    CallFeed feed = byToken.get(params.path("progressToken").asLong(0));
    if (feed != null) {
      feed.progress(params);
    }
  }

  /** Hands a log message to a call, if its client wants that level. */
  static void log(@Nullable CallFeed feed, ObjectNode params) {
    String wanted = feed == null ? null : feed.logLevel();
    if (feed != null
        && wanted != null
        && severity(params.path("level").stringValue("")) >= severity(wanted)) {
      feed.log(params);
    }
  }

  /** How severe a level is; that of an unknown one is below all others. */
  static int severity(String level) {
    return LEVELS.indexOf(level);
  }

  /**
   * The call that a message outside of a call's own stream is about; null if it cannot be known.
   *
   * @param params what the upstream sent
   */
  @Nullable CallFeed of(ObjectNode params) {
    String task = params.path("_meta").path(RELATED_TASK).path("taskId").stringValue("");
    CallFeed named = byTask.get(task);
    if (named != null || !oneAtATime) {
      return named;
    }
    List<CallFeed> all = List.copyOf(byToken.values());
    return all.size() == 1 ? all.getFirst() : null;
  }
}
