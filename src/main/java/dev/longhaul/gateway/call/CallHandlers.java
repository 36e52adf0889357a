package dev.longhaul.gateway.call;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.RemoteCalls;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.gateway.catalog.Upstream;
import dev.longhaul.gateway.catalog.UpstreamHandlers;
import dev.longhaul.gateway.config.OwnerIdentity;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs calls of upstreams: those of tools where their job runs, the others in this process if it
 * reaches the upstream, else in another one, through the queue.
 */
final class CallHandlers implements UpstreamHandlers {
  private static final String META = "_meta";

  private final UpstreamCalls calls;
  private final Connections connections;
  private final RemoteCalls remote;

  CallHandlers(UpstreamCalls calls, Connections connections, RemoteCalls remote) {
    this.calls = calls;
    this.connections = connections;
    this.remote = remote;
  }

  @Override
  public ToolHandler tool(Upstream upstream, String tool, ObjectNode description, Repeat repeat) {
    return new ToolHandler() {
      @Override
      public ObjectNode call(ToolCall call) throws InterruptedException {
        ObjectNode params = object().put("name", tool);
        params.set("arguments", call.arguments());
        return calls.call(
            upstream.name(), Tool.CALL, with(params, call.meta()), call.context(), repeat);
      }

      @Override
      public boolean resumes() {
        return repeat.follows();
      }

      @Override
      public Optional<String> refusal(String owner) {
        return upstream.identity() == null || OwnerIdentity.names(owner)
            ? Optional.empty()
            : Optional.of(OwnerIdentity.refusal(upstream.name()));
      }

      @Override
      public boolean delegates() {
        return OwnerIdentity.Exchange.MODE.equals(upstream.identity());
      }

      @Override
      public boolean runsHere() {
        return !delegates() && connections.reaches(upstream);
      }
    };
  }

  @Override
  public PrimitiveHandler resource(Upstream upstream) {
    return call -> run(upstream, ServedMethods.READ, call, object().setAll(call.params()));
  }

  @Override
  public PrimitiveHandler prompt(Upstream upstream, String prompt) {
    return call -> {
      ObjectNode params = object().setAll(call.params());
      return run(upstream, ServedMethods.PROMPT, call, params.put("name", prompt));
    };
  }

  @Override
  public PrimitiveHandler completion(Upstream upstream, ObjectNode ref) {
    return call -> {
      ObjectNode params = object().setAll(call.params());
      params.set("ref", ref);
      return run(upstream, ServedMethods.COMPLETE, call, params);
    };
  }

  private ObjectNode run(Upstream upstream, String method, PrimitiveCall call, ObjectNode params)
      throws InterruptedException {
    // Between workers only through a queue of its own: a request must not go round in circles.
    if (!connections.reaches(upstream) && (upstream.queue() != null || !connections.hasWorker())) {
      String queue = Objects.requireNonNullElse(upstream.queue(), ToolPolicy.DEFAULT_QUEUE);
      ObjectNode served = with(object().setAll(call.params()), call.meta());
      return remote.call(queue, method, served, call.context());
    }
    return calls.call(
        upstream.name(), method, with(params, call.meta()), call.context(), Repeat.YES);
  }

  private static ObjectNode with(ObjectNode params, ObjectNode meta) {
    if (meta.isEmpty()) {
      params.remove(META);
    } else {
      params.set(META, meta);
    }
    return params;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
