package com.example.shop;

import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;

/** What an assistant may ask of the shop. */
@Component
class PriceTools {

  @McpTool(
      name = "price_order",
      description = "What an order costs, in euros, with the discount for large ones.",
      annotations = @McpTool.McpAnnotations(readOnlyHint = true, destructiveHint = false))
  String price(@McpToolParam(description = "How many pieces") int pieces) {
    int cents = pieces * 250;
    return "%d pieces cost %.2f euros"
        .formatted(pieces, (pieces < 100 ? cents : cents * 0.9) / 100);
  }
}
