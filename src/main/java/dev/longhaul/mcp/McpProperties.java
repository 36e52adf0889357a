package dev.longhaul.mcp;

import dev.longhaul.job.Rate;
import dev.longhaul.mcp.delivery.HandOver;
import dev.longhaul.security.ServedPaths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the MCP endpoint behaves.
 *
 * @param path the path of the MCP endpoint
 * @param grace how long a client with the tasks extension waits for the result itself before it
 *     gets a task; zero for a task at once
 * @param hold how long a call of any other client is held open before its operation is handed over;
 *     below 60 s, because that is when common clients give up
 * @param learnPatience whether the time-outs of clients are learned from their disconnects
 * @param joinWindow how long after a job's end a repeated call still gets the result that the first
 *     call did not receive
 * @param leaveGrace how long a job continues after its client has disconnected, on a revision where
 *     that cancels it; a repeated call joins it meanwhile. Zero cancels it at once
 * @param quiet how long a held call stays silent, so that a quick result is sent as one JSON
 *     document and not as an event stream
 * @param keepAlive the time between two keep-alive comments on a stream; a disconnect is detected
 *     by the second one
 * @param retryAfter how long a client of 2025-11-25 is asked to wait before it opens a lost event
 *     stream again; longer than a restart takes
 * @param maxRequestSize larger bodies are refused with 413
 * @param taskTtl how long after its creation a task is kept at least
 * @param pollInterval how often a client is asked to poll a task
 * @param pageSize how many entries a page of tools/list and of the other lists holds, also of lists
 *     that run as jobs
 * @param listTtl how long a client may cache tools/list and server/discover
 * @param sessionTtl how long a session of an earlier revision is kept after its last request
 * @param maxSessions how many sessions of earlier revisions one caller may have; a further one ends
 *     the least recently used
 * @param publicUrl the address at which clients reach this server, such as {@code
 *     https://jobs.example.com}, for links in results; by default it is derived from each request
 * @param resourceTtl how long a client may cache the content of a resource ({@code ttlMs}), for its
 *     own user only
 * @param primitiveTimeout how long reading a resource, getting a prompt or completing a value may
 *     take, and each attempt of such a job
 * @param completionRate how often a caller may request completions from one process
 * @param maxResultSize the largest tool result that is sent as a whole; of a larger one the first
 *     part is sent, and how to read the rest; at least 10 kB. Some clients accept no event of more
 *     than 1,048,576 bytes
 * @param listen bounds of subscriptions
 * @param requestStateKeys secrets that sign requestState; the first one signs and all are accepted,
 *     so that keys can be rotated. Without any, one is created and shared in Redis
 * @param requestStateKeysFile a file with such secrets, one a line, that is read again when it
 *     changes
 * @param requestStateTtl how long a client of 2026-07-28 may take to answer the questions of a
 *     request
 * @param eventLog how much of an event stream is kept for clients of earlier revisions to resume it
 * @param sse the transport of 2024-11-05
 * @param clients settings for clients by the name they give themselves, or by its beginning with a
 *     {@code *} behind it: {@code hold}, how long their calls are held open, and for clients of
 *     earlier revisions {@code wording}, the text that replaces the instructions when a call is
 *     handed over, with {@code {operation_id}} as a placeholder
 */
@ConfigurationProperties("longhaul.mcp")
public record McpProperties(
    @DefaultValue("/mcp") String path,
    @DefaultValue("1s") Duration grace,
    @DefaultValue("50s") Duration hold,
    @DefaultValue("true") boolean learnPatience,
    @DefaultValue("10m") Duration joinWindow,
    @DefaultValue("15s") Duration leaveGrace,
    @DefaultValue("250ms") Duration quiet,
    @DefaultValue("15s") Duration keepAlive,
    @DefaultValue("15s") Duration retryAfter,
    @DefaultValue("10MB") DataSize maxRequestSize,
    @DefaultValue("2h") Duration taskTtl,
    @DefaultValue("1s") Duration pollInterval,
    @DefaultValue("100") int pageSize,
    @DefaultValue("5m") Duration listTtl,
    @DefaultValue("24h") Duration sessionTtl,
    @DefaultValue("10000") int maxSessions,
    @Nullable String publicUrl,
    @DefaultValue("0s") Duration resourceTtl,
    @DefaultValue("60s") Duration primitiveTimeout,
    @DefaultValue("50/s") String completionRate,
    @DefaultValue("900KB") DataSize maxResultSize,
    @DefaultValue Listen listen,
    @DefaultValue List<String> requestStateKeys,
    @Nullable Path requestStateKeysFile,
    @DefaultValue("1h") Duration requestStateTtl,
    @DefaultValue EventLog eventLog,
    @DefaultValue Sse sse,
    @DefaultValue Map<String, Client> clients) {

  public McpProperties {
    clients = Map.copyOf(clients);
    requestStateKeys = List.copyOf(requestStateKeys);
    require(requestStateTtl.isPositive(), "request-state-ttl", "must be positive");
    requirePath(path, "path");
    require(!grace.isNegative(), "grace", "must not be negative");
    require(!hold.isNegative(), "hold", "must not be negative");
    require(!joinWindow.isNegative(), "join-window", "must not be negative");
    require(!leaveGrace.isNegative(), "leave-grace", "must not be negative");
    require(!quiet.isNegative(), "quiet", "must not be negative");
    require(keepAlive.isPositive(), "keep-alive", "must be positive");
    require(retryAfter.toMillis() > 0, "retry-after", "must be at least 1ms");
    require(maxRequestSize.toBytes() > 0, "max-request-size", "must be positive");
    require(maxRequestSize.toBytes() < Integer.MAX_VALUE, "max-request-size", "must be below 2 GB");
    require(taskTtl.isPositive(), "task-ttl", "must be positive");
    require(pollInterval.isPositive(), "poll-interval", "must be positive");
    require(pageSize > 0, "page-size", "must be positive");
    require(!listTtl.isNegative(), "list-ttl", "must not be negative");
    require(sessionTtl.isPositive(), "session-ttl", "must be positive");
    require(maxSessions > 0, "max-sessions", "must be positive");
    require(!resourceTtl.isNegative(), "resource-ttl", "must not be negative");
    require(primitiveTimeout.isPositive(), "primitive-timeout", "must be positive");
    require(
        Rate.parse(completionRate).isPresent(),
        "completion-rate",
        "must be calls per time, such as 50/s or 100/m");
    require(maxResultSize.toBytes() >= 10_000, "max-result-size", "must be at least 10000 bytes");
  }

  /**
   * Bounds of subscriptions/listen.
   *
   * @param maxStreams how many streams one caller may have open in one process
   * @param maxEntries how many resources and tasks together one stream may name
   */
  public record Listen(@DefaultValue("10000") int maxStreams, @DefaultValue("100") int maxEntries) {
    public Listen {
      require(maxStreams > 0, "listen.max-streams", "must be positive");
      require(maxEntries > 0, "listen.max-entries", "must be positive");
    }
  }

  /**
   * How much of an event stream is kept, so that a client of an earlier revision can resume it in
   * any process.
   *
   * @param ttl how long after its last use an event stream is kept, so that a client of an earlier
   *     revision can resume it in any process
   * @param maxMessages the most messages that are kept of one stream; the oldest are dropped first
   * @param maxSize the most bytes that are kept of one stream, but always its newest message
   */
  public record EventLog(
      @DefaultValue("10m") Duration ttl,
      @DefaultValue("500") int maxMessages,
      @DefaultValue("4MB") DataSize maxSize) {
    public EventLog {
      require(ttl.isPositive(), "event-log.ttl", "must be positive");
      require(maxMessages > 0, "event-log.max-messages", "must be positive");
      require(maxSize.toBytes() > 0, "event-log.max-size", "must be positive");
    }
  }

  /**
   * The transport of 2024-11-05, HTTP with SSE, for clients that know nothing newer.
   *
   * @param enabled whether the transport of 2024-11-05, HTTP with SSE, is served
   * @param path where its clients open their event stream
   * @param messagePath where its clients post their messages
   */
  public record Sse(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("/sse") String path,
      @DefaultValue("/messages") String messagePath) {
    public Sse {
      requirePath(path, "sse.path");
      requirePath(messagePath, "sse.message-path");
      require(!path.equals(messagePath), "sse.message-path", "must differ from sse.path");
    }
  }

  /**
   * Settings for clients of one name.
   *
   * @param hold how long their calls are held open, or null for the general setting
   * @param wording what they are told instead of how to go on when a call is handed over, with
   *     {@code {operation_id}} where that belongs; null for the usual words
   */
  public record Client(@Nullable Duration hold, @Nullable String wording) {
    public Client {
      require(
          wording == null || wording.contains(HandOver.ID_HERE),
          "clients.<name>.wording",
          "must contain " + HandOver.ID_HERE + ", or nobody could go on");
    }
  }

  /** The completion rate as it counts. */
  Rate completions() {
    return Rate.parse(completionRate).orElseThrow();
  }

  private static void requirePath(String path, String name) {
    require(
        ServedPaths.isPlain(path),
        name,
        "must start with / and not end with it, such as /mcp, and have only letters, digits and"
            + " -._~ besides");
  }

  private static void require(boolean condition, String name, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("longhaul.mcp." + name + " " + rule + ".");
    }
  }
}
