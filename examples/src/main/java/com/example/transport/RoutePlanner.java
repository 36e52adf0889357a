package com.example.transport;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import java.util.List;
import java.util.Locale;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;

/** The slow tool: it computes for as long as one lets it. */
public class RoutePlanner {
  private static final int MOST_STOPS = 1_000;
  private static final int MOST_ROUNDS = 1_000_000;

  /**
   * A round trip.
   *
   * @param order the names of the stops in the order in which they are visited
   * @param kilometres how long it is
   */
  public record Route(List<String> order, double kilometres) {}

  @McpTool(
      name = "plan_route",
      description =
          "Finds a short round trip through all stops. More rounds take longer and find shorter trips.",
      generateOutputSchema = true,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  @LonghaulTool(queue = "cpu", timeout = "10m", estimate = "20s")
  public ToolAnswer<Route> plan(
      @McpToolParam(description = "2 to 1,000 places") List<Stop> stops,
      @McpToolParam(description = "how many starting points to try, 1 to 1,000,000") int rounds) {
    if (stops.size() < 2 || stops.size() > MOST_STOPS || rounds < 1 || rounds > MOST_ROUNDS) {
      // Another attempt would not help, and the message tells the model what would.
      throw new PermanentFailureException("Give 2 to 1,000 stops and 1 to 1,000,000 rounds.");
    }
    JobContext job = JobContext.current();
    Tour best = Tour.shuffled(stops, 0);
    for (int round = 1; round <= rounds; round++) {
      job.checkpoint(
          "round " + round); // ends here if the caller has cancelled, or the time is over
      Tour next = Tour.shuffled(stops, round).untangled();
      if (next.length() < best.length()) {
        best = next;
        job.partial(answer(best), round, (long) rounds); // what the caller gets in that case
      }
      job.progress((double) round / rounds, "best so far: " + kilometres(best));
    }
    return answer(best).count("rounds", rounds);
  }

  private static ToolAnswer<Route> answer(Tour tour) {
    return ToolAnswer.of(
        "A round trip of " + kilometres(tour) + " through " + tour.names().size() + " stops.",
        new Route(tour.names(), Math.round(tour.length() * 10) / 10.0));
  }

  private static String kilometres(Tour tour) {
    return String.format(Locale.ROOT, "%.1f km", tour.length());
  }
}
