package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Follows a task of an upstream until it has ended, by asking for its state. */
final class UpstreamTask {
  private static final Logger log = LoggerFactory.getLogger(UpstreamTask.class);
  private static final long DEFAULT_PAUSE = 1_000;
  private static final long SHORTEST_PAUSE = 20;
  private static final long LONGEST_PAUSE = 60_000;
  // The upstream may be restarted meanwhile; with growing pauses that is about ten minutes.
  private static final int MOST_FAILURES = 15;

  private static final int LONGEST_ID = 1_000;

  private final Methods methods;
  private final CallFeed feed;

  UpstreamTask(Methods methods, CallFeed feed) {
    this.methods = methods;
    this.feed = feed;
  }

  /**
   * The id of a task that the upstream has made; empty if it has made none.
   *
   * @throws UpstreamProtocolException if the id is too long to be kept
   */
  static String id(JsonNode task) {
    String id = task.path("taskId").stringValue("");
    if (id.length() > LONGEST_ID) {
      throw new UpstreamProtocolException(
          "The id of the upstream's task is longer than " + LONGEST_ID + " characters.");
    }
    return id;
  }

  /** What differs between the eras. */
  interface Methods {
    /** The task as {@code tasks/get} returns it. */
    ObjectNode get() throws InterruptedException;

    /**
     * Does what the state of the task asks for.
     *
     * @return the result of the call if the task has ended
     */
    Optional<ObjectNode> handle(ObjectNode task) throws InterruptedException;

    /** Sends {@code tasks/cancel}. */
    void cancel() throws InterruptedException;

    /** How long to wait between two looks, in milliseconds; a missing node if not said. */
    JsonNode pause(ObjectNode task);

    /** Whether the upstream can still be asked. */
    boolean alive();
  }

  /**
   * Follows the task.
   *
   * @param created the task as it was created; null for one of an earlier attempt
   * @return the result of the call
   * @throws UpstreamLostException if the upstream can no longer be asked, or does not know the task
   */
  ObjectNode result(@Nullable ObjectNode created) throws InterruptedException {
    try {
      ObjectNode task = created;
      int failures = 0;
      while (true) {
        if (task != null) {
          String message = task.path("statusMessage").stringValue("");
          if (!message.isEmpty()) {
            feed.status(message);
          }
          try {
            Optional<ObjectNode> ended = methods.handle(task);
            if (ended.isPresent()) {
              return ended.get();
            }
            failures = 0;
            Thread.sleep(pause(task));
          } catch (UpstreamLostException e) {
            waitAfter(++failures, e);
          }
        }
        task = look();
      }
    } catch (RpcErrorException | UpstreamLostException e) {
      // It has ended, or can no longer be told anything.
      throw e;
    } catch (InterruptedException | RuntimeException e) {
      if (isUseless(e)) {
        // In another thread, because this one was interrupted and must not wait any more.
        var _ = Threads.virtual("upstream-task-cancel", this::cancel);
      }
      throw e;
    }
  }

  // A task whose question nobody can answer, or that breaks the protocol, has no result either.
  private boolean isUseless(Exception end) {
    return end instanceof ToolRefusedException
        || end instanceof UpstreamProtocolException
        || feed.cancelled();
  }

  private ObjectNode look() throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return methods.get();
      } catch (RpcErrorException e) {
        throw new UpstreamLostException(
            "The upstream no longer knows its task: " + e.getMessage(), true, e.status(), e);
      } catch (UpstreamLostException e) {
        waitAfter(failures, e);
      }
    }
  }

  // Whatever request was lost: the call itself has been sent, since there is a task.
  private void waitAfter(int failures, UpstreamLostException e) throws InterruptedException {
    if (failures >= MOST_FAILURES || !methods.alive()) {
      throw new UpstreamLostException(
          "The upstream's task can no longer be followed: " + e.getMessage(), true, e.status(), e);
    }
    Thread.sleep(Math.min(LONGEST_PAUSE, DEFAULT_PAUSE << (failures - 1)));
  }

  private void cancel() {
    try {
      methods.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("The task of an upstream could not be cancelled", e);
    }
  }

  private Duration pause(ObjectNode task) {
    JsonNode said = methods.pause(task);
    long millis = said.isNumber() ? said.asLong(DEFAULT_PAUSE) : DEFAULT_PAUSE;
    return Duration.ofMillis(Math.clamp(millis, SHORTEST_PAUSE, LONGEST_PAUSE));
  }
}
