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

/**
 * Reads {@code inputResponses} and {@code requestState} of a request that is repeated with answers.
 */
final class ClientInput {
  private final RequestStates states;

  ClientInput(RequestStates states) {
    this.states = states;
  }

  /** Evaluates the use only once: a tool that asks several times still uses the state once. */
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
   * The answers in a request. Answers to questions that were not asked are ignored.
   *
   * @param passed the params that are passed on, without these two fields
   * @throws RpcException {@code INVALID_PARAMS} if one of the two is malformed or not signed by
   *     this server
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
    // Answers of an earlier round cannot be changed.
    answers.putAll(read.answers());
    return new CallInput(answers, read.job(), once(() -> states.use(read)), true);
  }
}
