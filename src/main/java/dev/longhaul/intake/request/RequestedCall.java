package dev.longhaul.intake.request;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The call in a request, in one of two forms: tool with arguments, or method with params.
 *
 * @param tool null in the form with method and params
 * @param method null for {@code tools/call} in a batch or chain
 */
public record RequestedCall(
    @Nullable String tool,
    @Nullable ObjectNode arguments,
    @Nullable String method,
    @Nullable ObjectNode params) {

  /** Whether it is the form with tool and arguments. */
  public boolean brief() {
    return tool != null;
  }

  /** The method that is called. */
  public String methodCalled() {
    return brief() || method == null ? "tools/call" : method;
  }

  /** The params of the method. */
  public ObjectNode paramsCalled() {
    if (!brief() && params != null) {
      return params;
    }
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("name", tool);
    if (arguments != null) {
      call.set("arguments", arguments);
    }
    return call;
  }
}
