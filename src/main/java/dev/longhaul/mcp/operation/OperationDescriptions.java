package dev.longhaul.mcp.operation;

import dev.longhaul.intake.request.RequestSchema;
import dev.longhaul.mcp.delivery.OperationSchema;
import dev.longhaul.mcp.wire.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The entries of the operation tools in tools/list. */
final class OperationDescriptions {
  static final String CONTINUE = "continue_operation";
  static final String GET = "get_operation";
  static final String CANCEL = "cancel_operation";
  static final String LIST = "list_operations";

  private OperationDescriptions() {}

  static List<ObjectNode> all() {
    ObjectNode get = tool(GET, "Look at an operation", GET_TEXT, true);
    get.set("outputSchema", OperationSchema.operation());
    ObjectNode cancel = tool(CANCEL, "Cancel an operation", CANCEL_TEXT, false);
    cancel.set("outputSchema", OperationSchema.operation());
    ObjectNode list = tool(LIST, "List operations", LIST_TEXT, true);
    list.set("outputSchema", page());
    return List.of(tool(CONTINUE, "Continue an operation", CONTINUE_TEXT, true), get, cancel, list);
  }

  private static final String CONTINUE_TEXT =
      "Waits for an operation and returns the result of the tool call that started it. If it is not"
          + " finished within wait_seconds, returns its status: then call this again.";

  private static final String GET_TEXT =
      "Returns the status, progress and expected end of an operation at once. With offset, the"
          + " result of a finished one in pages: while has_more is true go on at next_offset.";

  private static final String CANCEL_TEXT =
      "Cancels an operation. continue_operation then returns what it had produced.";

  private static final String LIST_TEXT =
      "Lists operations, newest first, to find an operation_id again or see what goes on.";

  private static ObjectNode tool(String name, String title, String text, boolean readOnly) {
    ObjectNode tool = Json.object("{}");
    tool.put("name", name).put("title", title).put("description", text);
    tool.set("inputSchema", schema(name).forModels().put("additionalProperties", false));
    ObjectNode hints = tool.putObject("annotations");
    hints.put("readOnlyHint", readOnly).put("destructiveHint", !readOnly);
    if (!readOnly) {
      hints.put("idempotentHint", true);
    }
    hints.put("openWorldHint", false);
    return tool;
  }

  /** The schema of an operation tool's arguments. */
  static RequestSchema schema(String tool) {
    return RequestSchema.of(tool + ".json");
  }

  private static ObjectNode page() {
    return Json.object(
        """
        {"type": "object", "properties": {
           "operations": {"type": "array", "items": {"type": "object"}},
           "next_cursor": {"type": "string"}}}
        """);
  }
}
