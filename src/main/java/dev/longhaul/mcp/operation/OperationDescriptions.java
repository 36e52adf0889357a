package dev.longhaul.mcp.operation;

import dev.longhaul.mcp.delivery.OperationSchema;
import dev.longhaul.mcp.delivery.ResultCut;
import dev.longhaul.mcp.wire.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How the operation tools present themselves to a model. */
final class OperationDescriptions {
  static final String CONTINUE = "continue_operation";
  static final String GET = "get_operation";
  static final String CANCEL = "cancel_operation";
  static final String LIST = "list_operations";

  static final int MAX_WAIT_SECONDS = 300;
  static final int MAX_LIMIT = 100;
  static final int PAGE = ResultCut.TOOL_PAGE;
  static final int MAX_PAGE = 200_000;

  private static final String ID =
      "{\"type\": \"string\", \"description\": \"As a tool call returned it.\"}";

  private OperationDescriptions() {}

  static List<ObjectNode> all() {
    ObjectNode get = tool(GET, "Look at an operation", GET_TEXT, paging(), true);
    get.set("outputSchema", OperationSchema.operation());
    ObjectNode cancel = tool(CANCEL, "Cancel an operation", CANCEL_TEXT, idOnly(), false);
    cancel.set("outputSchema", OperationSchema.operation());
    ObjectNode list = tool(LIST, "List operations", LIST_TEXT, listing(), true);
    list.set("outputSchema", page());
    return List.of(
        tool(CONTINUE, "Continue an operation", CONTINUE_TEXT, waiting(), true), get, cancel, list);
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

  private static ObjectNode tool(
      String name, String title, String text, String schema, boolean readOnly) {
    ObjectNode tool = Json.object("{}");
    tool.put("name", name).put("title", title).put("description", text);
    tool.set("inputSchema", Json.object(schema));
    ObjectNode hints = tool.putObject("annotations");
    hints.put("readOnlyHint", readOnly).put("destructiveHint", !readOnly);
    if (!readOnly) {
      hints.put("idempotentHint", true);
    }
    hints.put("openWorldHint", false);
    return tool;
  }

  private static String idOnly() {
    return """
    {"type": "object", "properties": {"operation_id": %s},
     "required": ["operation_id"], "additionalProperties": false}
    """
        .formatted(ID);
  }

  private static String paging() {
    return """
    {"type": "object", "properties": {"operation_id": %s,
       "offset": {"type": "integer", "minimum": 0,
         "description": "Where the page begins, in characters."},
       "limit": {"type": "integer", "minimum": 1, "maximum": %d, "default": %d},
       "pointer": {"type": "string",
         "description": "JSON Pointer to the part to page; a list in elements."}},
     "required": ["operation_id"], "additionalProperties": false}
    """
        .formatted(ID, MAX_PAGE, PAGE);
  }

  private static String waiting() {
    return """
    {"type": "object", "properties": {"operation_id": %s,
       "wait_seconds": {"type": "integer", "minimum": 0, "maximum": %d,
         "description": "Stay below your own time-out."}},
     "required": ["operation_id"], "additionalProperties": false}
    """
        .formatted(ID, MAX_WAIT_SECONDS);
  }

  private static String listing() {
    return """
    {"type": "object", "properties": {
       "state": {"type": "string",
         "enum": ["held", "queued", "scheduled", "running", "input_required", "completed",
           "failed", "cancelled", "dead"]},
       "limit": {"type": "integer", "minimum": 1, "maximum": %d, "default": 20},
       "cursor": {"type": "string", "description": "next_cursor of the page before."}},
     "additionalProperties": false}
    """
        .formatted(MAX_LIMIT);
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
