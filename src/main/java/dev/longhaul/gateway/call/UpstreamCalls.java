package dev.longhaul.gateway.call;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.OutcomeUnknownException;
import dev.longhaul.gateway.call.CallMarks.Mark;
import dev.longhaul.gateway.catalog.UpstreamHandlers.Repeat;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.job.JobId;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Clock;
import tools.jackson.databind.node.ObjectNode;

/** Sends one call to its upstream, and says what its end means for the job. */
final class UpstreamCalls {
  private final Connections connections;
  private final CallMarks marks;
  private final Clock clock;

  UpstreamCalls(Connections connections, CallMarks marks, Clock clock) {
    this.connections = connections;
    this.marks = marks;
    this.clock = clock;
  }

  /**
   * Calls the upstream.
   *
   * @param name the upstream
   * @param params the params for it
   * @throws UpstreamUnavailableException if nothing was sent, so that the call may be repeated
   * @throws OutcomeUnknownException if it must not be repeated and may have run
   * @throws ToolRefusedException if the upstream responded with an error
   */
  ObjectNode call(String name, String method, ObjectNode params, CallContext context, Repeat repeat)
      throws InterruptedException {
    UpstreamConfig upstream = connections.configuration(name);
    JobId job = new JobId(context.id());
    boolean marked = repeat == Repeat.FOLLOW;
    Mark earlier = marked && context.attempt() > 1 ? marks.find(job).orElse(null) : null;
    if (earlier != null && earlier.task() == null) {
      throw new OutcomeUnknownException(
          "The worker that had sent this call to upstream "
              + upstream.name()
              + " was lost before it could report; the call may or may not have had its effect.");
    }
    String task = earlier == null ? null : earlier.task();
    boolean anybody = upstream.questions() == QuestionRule.REST;
    var feed = new JobFeed(context, anybody, clock, marked ? marks : null, task);
    try {
      ObjectNode result =
          connections.call(
              upstream,
              context.caller(),
              feed,
              session -> {
                if (marked) {
                  context.last();
                }
                if (marked && task == null) {
                  marks.put(job, new Mark(null));
                }
                return session.call(method, params, feed);
              });
      forget(marked, job);
      return result;
    } catch (InterruptedException e) {
      forget(marked && !context.goesOnElsewhere(), job);
      throw e;
    } catch (RpcErrorException e) {
      forget(marked, job);
      throw refused(e);
    } catch (UpstreamLostException e) {
      if (!e.sent()) {
        if (task == null) {
          forget(marked, job);
        }
        throw unavailable(upstream, e);
      }
      if (repeat == Repeat.YES) {
        throw new IllegalStateException(lost(upstream, e) + " It may be repeated.", e);
      }
      throw new OutcomeUnknownException(
          lost(upstream, e) + " The call may or may not have had its effect.");
    } catch (UpstreamProtocolException e) {
      forget(marked, job);
      throw new PermanentFailureException(
          "Upstream " + upstream.name() + " violates the protocol: " + e.getMessage(), e);
    }
  }

  private void forget(boolean marked, JobId job) {
    if (marked) {
      marks.forget(job);
    }
  }

  private static String lost(UpstreamConfig upstream, UpstreamLostException e) {
    return "Upstream "
        + upstream.name()
        + " was lost while it ran this call ("
        + e.getMessage()
        + ").";
  }

  private static UpstreamUnavailableException unavailable(
      UpstreamConfig upstream, UpstreamLostException e) {
    var unavailable =
        new UpstreamUnavailableException(
            "Upstream "
                + upstream.name()
                + " could not be reached ("
                + e.getMessage()
                + "); the call was not sent.");
    unavailable.initCause(e);
    return unavailable;
  }

  private static ToolRefusedException refused(RpcErrorException e) {
    return new ToolRefusedException(e.code(), String.valueOf(e.getMessage()), e.data());
  }
}
