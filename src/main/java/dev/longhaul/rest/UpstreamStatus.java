package dev.longhaul.rest;

import dev.longhaul.gateway.UpstreamView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An upstream as this front door shows it. */
@Schema(name = "Upstream", description = "Another MCP server whose tools are served here.")
@Answer
record UpstreamStatus(
    String name,
    @Schema(description = "Where it is configured: a file, or longhaul.upstreams.") String source,
    @Schema(
            description =
                "connected; connecting; idle: it is connected when a call needs it; failed: it is"
                    + " tried again; disabled; invalid: see reason; itself: this server, which is"
                    + " skipped; unknown: no worker has it.",
            allowableValues = {
              "connected",
              "connecting",
              "idle",
              "failed",
              "disabled",
              "invalid",
              "itself",
              "unknown"
            })
        String state,
    @Schema(description = "Why it is not used, with the remedy; else null.")
        @Nullable String reason,
    @Schema(description = "modern (2026-07-28) or legacy; null while not known.")
        @Nullable String era,
    @Schema(description = "The version of the protocol.") @Nullable String protocolVersion,
    @Schema(description = "Its own name and version.") @Nullable String server,
    @Schema(description = "Its program, or its URL without the query.") @Nullable String address,
    @Schema(description = "Its process, if one runs.") @Nullable Long pid,
    @Schema(description = "The names under which its tools are served.") List<String> tools,
    @Schema(description = "What of it is not served.") List<NotServed> leftOut,
    @Schema(description = "How many resources and resource templates it has.") int resources,
    @Schema(description = "How many prompts it has.") int prompts,
    @Schema(description = "Which of its tools have changed since they were first known.")
        List<String> changes,
    @Schema(description = "Its last failure.") @Nullable String lastError,
    @Schema(description = "How often a connection with it was made again.") int restarts,
    @Schema(description = "How many calls of it run.") int callsInFlight,
    @Schema(
            description =
                "needed: it asks for the login of a person, see docs/gateway.md; present; expired:"
                    + " log in again; null if it has not asked for one.",
            allowableValues = {"needed", "present", "expired"})
        @Nullable String login,
    @Schema(description = "Until when the login holds; null if that is not known.")
        @Nullable Instant loginUntil) {

  static UpstreamStatus of(UpstreamView view) {
    UpstreamView.Served served = view.served();
    UpstreamView.Login login = view.login();
    return new UpstreamStatus(
        view.name(),
        view.source(),
        view.state().name().toLowerCase(Locale.ROOT),
        view.reason(),
        served == null ? null : served.era(),
        served == null ? null : served.version(),
        served == null ? null : served.server(),
        view.address(),
        view.connected().pid(),
        served == null ? List.of() : served.tools(),
        served == null
            ? List.of()
            : served.leftOut().stream()
                .map(each -> new NotServed(each.name(), each.reason()))
                .toList(),
        served == null ? 0 : served.resources(),
        served == null ? 0 : served.prompts(),
        served == null ? List.of() : served.changes(),
        view.connected().lastError(),
        view.connected().restarts(),
        view.connected().callsInFlight(),
        login == null ? null : login.state(),
        login == null ? null : login.until());
  }

  /** Something of an upstream that is not served. */
  @Schema(name = "UpstreamNotServed")
  record NotServed(
      @Schema(description = "Its own name or URI.") String name,
      @Schema(description = "Why.") String reason) {}

  /** All upstreams. */
  @Schema(name = "UpstreamList")
  @Answer
  record All(
      @Schema(description = "In the order in which they are configured.")
          List<UpstreamStatus> upstreams,
      @Schema(description = "Settings of tools that nobody has, with what is wrong.")
          List<String> unknownSettings) {

    static All of(List<UpstreamView> views, List<String> unknownSettings) {
      return new All(views.stream().map(UpstreamStatus::of).toList(), unknownSettings);
    }
  }
}
