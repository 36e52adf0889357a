package com.example.transport;

import dev.longhaul.tool.JobContext;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;

/** The asking tool: nothing is booked before its user has said yes. */
public class Bookings {

  /**
   * What the user is asked for.
   *
   * @param confirm whether to book at this price
   * @param pickupDay the day of the pickup, such as 2026-12-24
   */
  public record Confirmation(boolean confirm, String pickupDay) {}

  @McpTool(
      name = "book_transport",
      description = "Books a lorry for a number of pallets, after asking the user.")
  public String book(
      McpSyncRequestContext context,
      @McpToolParam(description = "how many pallets, 1 to 33") int pallets) {
    int price = 180 + 25 * pallets;
    StructuredElicitResult<Confirmation> answer =
        context.elicit(
            spec ->
                spec.message(
                    "A lorry for " + pallets + " pallets costs " + price + " EUR. Book it?"),
            Confirmation.class);
    Confirmation given = answer.structuredContent();
    if (given == null || !given.confirm()) {
      return "Nothing is booked.";
    }
    // The job's id is the same if this runs again after a crash: it makes a good reference.
    return "Booked for "
        + given.pickupDay()
        + " at "
        + price
        + " EUR, reference "
        + JobContext.current().id()
        + ".";
  }
}
