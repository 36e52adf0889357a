package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.delivery.CallInput;
import dev.longhaul.mcp.wire.RpcException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code inputResponses} and {@code requestState} of a repeated request. */
final class ClientInput {
  private final RequestStates states;

  ClientInput(RequestStates states) {
    this.states = states;
  }

  /** Asks once: a tool that asks in several places is still one use of the state. */
  private static BooleanSupplier once(BooleanSupplier use) {
    var answer = new AtomicReference<@Nullable Boolean>();
    return () -> {
      Boolean known = answer.get();
      if (known == null) {
        known = use.getAsBoolean();
        answer.set(known);
      }
      return known;
    };
  }

  /**
   * What a request brings. Keys nobody asked for are carried along unparsed and never looked at.
   *
   * @param passed the params as they are passed on, without these two
   * @throws RpcException {@code INVALID_PARAMS} if one of the two is malformed or not ours
   */
  CallInput of(String method, ModernRequest request, ObjectNode passed) {
    JsonNode responses = request.params().get("inputResponses");
    JsonNode state = request.params().get("requestState");
    if (responses != null && !responses.isObject()) {
      throw RpcException.invalidParams("params.inputResponses must be an object.");
    }
    if (state != null && !state.isString()) {
      throw RpcException.invalidParams("params.requestState must be a string.");
    }
    Map<String, JsonNode> answers = new HashMap<>();
    if (responses != null) {
      responses.properties().forEach(entry -> answers.put(entry.getKey(), entry.getValue()));
    }
    if (state == null) {
      return answers.isEmpty() ? CallInput.NONE : new CallInput(answers, null, () -> true, false);
    }
    RequestStates.State read =
        states.read(method, request.exchange().caller().owner(), passed, state);
    // What was given in an earlier round stays as it was given.
    answers.putAll(read.answers());
    return new CallInput(answers, read.job(), once(() -> states.use(read)), true);
  }
}
