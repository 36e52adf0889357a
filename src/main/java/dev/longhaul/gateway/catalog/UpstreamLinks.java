package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.session.UpstreamSession;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connections of this process with upstreams, as far as lists and administration need them. */
public interface UpstreamLinks {

  /** What is done in a session. */
  @FunctionalInterface
  interface Look<T> {
    T at(UpstreamSession session) throws InterruptedException;
  }

  /** Is told what a session hears. It must not block. */
  interface Listener {
    /**
     * A list has changed.
     *
     * @param method the method of the list, such as tools/list
     */
    void changed(String upstream, String method);

    /** The content of a resource has changed. */
    void resourceUpdated(String upstream, String uri);
  }

  /**
   * Uses a session: the one that is open, or one that is opened for it and closed when idle.
   *
   * @return empty if another process has the upstream
   * @throws InterruptedException if the thread was interrupted
   * @throws RuntimeException if the upstream cannot be reached or its answers are wrong
   */
  <T> Optional<T> use(UpstreamConfig upstream, Look<T> look) throws InterruptedException;

  /** The state of the connection with an upstream in this process. */
  Live live(String upstream);

  /** Closes the sessions of an upstream; the next call opens one. */
  void reconnect(UpstreamConfig upstream);

  /**
   * Sets which upstreams this process runs. Sessions of others, and of those that have changed, end
   * when their calls have ended.
   */
  void configured(List<UpstreamConfig> upstreams);

  /**
   * Sets the resources of an upstream whose updates are wanted, instead of those before. The
   * process that listens to the changes of the upstream asks it for them.
   *
   * @param uris the upstream's own URIs
   * @param missed whether updates of them may have been missed; then they are told as updated
   * @param inEffect is run once the upstream announces the updates to this process, unless other
   *     resources are set before. It must not block
   */
  void subscribe(String upstream, Set<String> uris, boolean missed, Runnable inEffect);

  /** Sets who is told of changes. */
  void listen(Listener listener);

  /**
   * The state of a connection.
   *
   * @param facts what the upstream said of itself in the last session, or null
   * @param pid its process, or null
   * @param restarts how often a connection was made again since the start
   * @param lastError the last failure in words without secrets, or null
   * @param inFlight how many calls of this process run
   */
  record Live(
      Phase phase,
      UpstreamSession.@Nullable Facts facts,
      @Nullable Long pid,
      int restarts,
      @Nullable String lastError,
      int inFlight) {
    /** Nothing was connected yet. */
    public static final Live NONE = new Live(Phase.IDLE, null, null, 0, null, 0);
  }

  /** What a connection does. */
  enum Phase {
    /** There is none, because none was needed. */
    IDLE,
    CONNECTING,
    CONNECTED,
    /** It failed, and is tried again later. */
    BACKOFF,
    /** Another process has the upstream. */
    ELSEWHERE
  }
}
