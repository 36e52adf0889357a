package dev.longhaul.intake;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Represents a resource, prompt or completion as an inline tool, so that the same runner handles
 * context, limits, questions and failures of both.
 */
final class InlinePrimitive {
  private static final ToolPolicy POLICY =
      ToolPolicy.of(Execution.INLINE, Duration.ofMinutes(1)).internal(true).build();

  private InlinePrimitive() {}

  static Tool of(Submission submission, PrimitiveHandler handler) {
    return new Tool(
        JsonNodeFactory.instance.objectNode().put("name", submission.method()),
        POLICY,
        call -> handler.handle(new PrimitiveCall(submission.params(), call.meta(), call.context())),
        submission.method());
  }
}
