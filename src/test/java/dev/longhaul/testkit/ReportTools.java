package dev.longhaul.testkit;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.io.IOException;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;

/** Example tools of a user. */
class ReportTools {
  record Report(String month, int orders) {}

  record Seats(int seats) {}

  @McpTool(name = "report", description = "Reports a month", generateOutputSchema = true)
  ToolAnswer<Report> report(String month) {
    JobContext.current().progress(0.5, "half of " + month);
    return ToolAnswer.of("12 orders in " + month + ".", new Report(month, 12)).count("orders", 12);
  }

  @McpTool(name = "hello", description = "Says who calls which job")
  String hello() {
    JobContext job = JobContext.current();
    return job.caller() + " " + job.id() + " " + job.attempt();
  }

  @McpTool(name = "talks", description = "Reports and logs")
  String talks(McpSyncRequestContext context) {
    context.progress(spec -> spec.progress(3).total(4).message("three of four"));
    context.info("working");
    return "talked";
  }

  @McpTool(name = "books", description = "Asks how many seats")
  String books(McpSyncRequestContext context) {
    StructuredElicitResult<Seats> answer =
        context.elicit(spec -> spec.message("How many seats?"), Seats.class);
    return answer.action() == ElicitResult.Action.ACCEPT
        ? answer.structuredContent().seats() + " seats booked"
        : "nothing booked";
  }

  @McpTool(name = "counts", description = "Counts until it is stopped")
  String counts(int to) throws InterruptedException {
    JobContext job = JobContext.current();
    for (int i = 1; i <= to; i++) {
      job.partial(Map.of("counted", i), i, (long) to);
      job.progress((double) i / to, "counted " + i);
      job.checkpoint("number " + i);
    }
    return "counted to " + to;
  }

  @McpTool(name = "hangs", description = "Does not come back")
  @LonghaulTool(timeout = "100ms")
  String hangs() throws InterruptedException {
    JobContext.current().partial(Map.of("begun", true));
    Thread.sleep(60_000);
    return "came back";
  }

  @McpTool(
      name = "fails",
      description = "Fails",
      annotations = @McpTool.McpAnnotations(idempotentHint = true))
  String fails() throws IOException {
    throw new IOException("the disk is full");
  }

  @McpTool(name = "never", description = "Fails for good")
  String never() {
    throw new PermanentFailureException("there is no such month");
  }
}
