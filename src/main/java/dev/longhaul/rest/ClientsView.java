package dev.longhaul.rest;

import dev.longhaul.mcp.timeout.ClientKey;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.mcp.timeout.LearnedTimeout;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The learned time-outs of the caller's clients. */
@Schema(name = "Clients", description = "What was learnt of the caller's MCP clients.")
record ClientsView(List<One> clients) {

  static ClientsView of(Map<ClientKey, LearnedTimeout> learnt) {
    return new ClientsView(
        learnt.entrySet().stream()
            .map(entry -> One.of(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(One::name).thenComparing(One::version))
            .toList());
  }

  /** One client. */
  @Schema(name = "LearntClient")
  @Answer
  record One(
      @Schema(description = "As the client names itself; may be empty.") String name,
      @Schema(description = "As the client says it; may be empty.") String version,
      @Schema(description = "After what time it last left a call before the response.")
          @Nullable Double lastLeaveSeconds,
      @Schema(description = "After what time it gives up; null while that is unknown.")
          @Nullable Double limitSeconds,
      @Schema(
              description =
                  "The longest time its calls are held because of that; null without a limit.")
          @Nullable Double holdSeconds,
      @Schema(description = "When that was last confirmed or changed.") Instant at) {

    static One of(ClientKey client, LearnedTimeout learnt) {
      Duration limit = learnt.limit();
      return new One(
          client.name(),
          client.version(),
          seconds(learnt.lastLeave()),
          seconds(limit),
          limit == null ? null : seconds(ClientTimeouts.before(limit)),
          learnt.at());
    }

    private static @Nullable Double seconds(@Nullable Duration time) {
      return time == null ? null : time.toMillis() / 1000.0;
    }
  }
}
