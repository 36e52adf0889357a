package dev.longhaul.gateway.call;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.OutcomeUnknownException;
import dev.longhaul.catalog.Tool;
import dev.longhaul.gateway.catalog.UpstreamHandlers.Repeat;
import dev.longhaul.gateway.config.OwnerIdentity;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.job.JobId;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
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
    if (upstream.identity() != null && !OwnerIdentity.names(context.caller())) {
      throw new PermanentFailureException(OwnerIdentity.refusal(name));
    }
    if (upstream.identity() instanceof OwnerIdentity.Exchange && !method.equals(Tool.CALL)) {
      throw new PermanentFailureException(
          "Upstream "
              + name
              + " takes only calls of tools in the name of a caller (longhaul.upstreams."
              + name
              + ".identity.mode=exchange), and no "
              + method
              + ".");
    }
    boolean anybody = upstream.questions() == QuestionRule.REST;
    MarkedCall marked =
        repeat.follows()
            ? new MarkedCall(marks, new JobId(context.id()), upstream.name(), repeat.isAllowed())
            : null;
    var feed = new JobFeed(context, anybody, clock, marked);
    try {
      ObjectNode result =
          connections.call(
              upstream,
              context.caller(),
              feed,
              session -> {
                if (marked != null) {
                  if (!repeat.isAllowed()) {
                    context.last();
                  }
                  marked.begin();
                }
                return session.call(method, params, feed);
              });
      forget(marked);
      return result;
    } catch (InterruptedException e) {
      if (!context.goesOnElsewhere()) {
        forget(marked);
      }
      throw e;
    } catch (RpcErrorException e) {
      forget(marked);
      throw refused(e);
    } catch (UpstreamUnavailableException e) {
      if (marked != null) {
        marked.notSent();
      }
      throw e;
    } catch (CallerRefusedException e) {
      if (marked != null) {
        marked.notSent();
      }
      throw new PermanentFailureException(String.valueOf(e.getMessage()), e);
    } catch (UpstreamLostException e) {
      if (!e.sent()) {
        if (marked != null) {
          marked.notSent();
        }
        if (upstream.identity() != null && (e.status() == 401 || e.status() == 403)) {
          throw new PermanentFailureException(
              "Upstream " + name + " refuses the caller (HTTP " + e.status() + ").", e);
        }
        throw unavailable(upstream, e);
      }
      if (repeat.isAllowed()) {
        if (e.getCause() instanceof RpcErrorException) {
          forget(marked); // the upstream does not know the task any more
        }
        throw new IllegalStateException(lost(upstream, e) + " It may be repeated.", e);
      }
      throw new OutcomeUnknownException(
          lost(upstream, e) + " The call may or may not have had its effect.");
    } catch (UpstreamProtocolException e) {
      forget(marked);
      throw new PermanentFailureException(
          "Upstream " + upstream.name() + " violates the protocol: " + e.getMessage(), e);
    }
  }

  private static void forget(@Nullable MarkedCall marked) {
    if (marked != null) {
      marked.forget();
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
