package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.Signals;
import dev.longhaul.mcp.legacy.StreamRef;
import dev.longhaul.redis.KeyTags;

/**
 * The Redis keys of the earlier revisions. All begin with one hash tag, so that a script can use
 * several of them in a Redis Cluster, and each has a time to live.
 *
 * @param tag {@code {lh:<namespace>}:mcp:}
 */
record LegacyKeys(String tag) {

  static LegacyKeys of(KeyTags tags) {
    return new LegacyKeys(tags.tag() + ":mcp:");
  }

  /** Hash: a session; {@code longhaul.mcp.session-ttl} from its last use. */
  String session(String id) {
    return tag + "session:" + id;
  }

  /** Sorted set: the sessions of an owner by expiry; lives as long as its sessions. */
  String sessionsOf(String owner) {
    return tag + "owned:" + owner;
  }

  /** Hash: an event stream; {@code longhaul.mcp.event-log.ttl} from its last use. */
  String stream(StreamRef stream) {
    return tag + "stream:" + stream;
  }

  /** List: the latest messages of an event stream; lives as long as the stream. */
  String log(StreamRef stream) {
    return tag + "log:" + stream;
  }

  /**
   * Sorted set: the streams that a session opened with GET, by time; lives as long as the session.
   */
  String pushStreams(String session) {
    return tag + "gets:" + session;
  }

  /** Set: the URIs a session subscribed to; lives as long as the session. */
  String subscriptions(String session) {
    return tag + "subs:" + session;
  }

  /** String: what a request to a client asks for; the input TTL. */
  String question(String session, String requestId) {
    return tag + "ask:" + session + ":" + requestId;
  }

  /** Hash: the request that last asked each question of a job; the input TTL. */
  String asked(String session, String job) {
    return tag + "asked:" + session + ":" + job;
  }

  /** String: the client's answer until it is read; the input TTL. */
  String answer(String session, String requestId) {
    return tag + "answer:" + session + ":" + requestId;
  }

  /** String: the progress token of a task; lives as long as the task is promised. */
  String task(String job) {
    return tag + "task:" + job;
  }

  /** String: the lease of a process that runs inline calls; seconds. */
  String lease(String process) {
    return tag + "holder:" + process;
  }

  /** Channel: the {@link Signals}. */
  String signals() {
    return tag + "signals";
  }
}
