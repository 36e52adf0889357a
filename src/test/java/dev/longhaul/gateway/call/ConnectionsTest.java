package dev.longhaul.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.session.Sessions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final Connection PROCESS = new Connection.Command(List.of("a"), Map.of(), null);
  private static final Connection ADDRESS =
      new Connection.Url(URI.create("https://upstream.example/mcp"), HttpKind.DETECTED, Map.of());

  @Test
  void aLookAtTheListsDeclaresWhatCallsCanDeclare() {
    assertThat(looking(ADDRESS, SessionScope.SHARED).capabilities())
        .isEqualTo(Sessions.everything());
    assertThat(looking(PROCESS, SessionScope.CALLER).capabilities())
        .isEqualTo(Sessions.everything());
    assertThat(looking(PROCESS, SessionScope.SHARED).capabilities()).isEmpty();
  }

  private static UpstreamLine.Who looking(Connection connection, SessionScope scope) {
    return Connections.looking(
        new UpstreamConfig(
            "a",
            connection,
            ToolRules.ALL,
            false,
            scope,
            QuestionRule.CLIENT,
            1,
            false,
            Duration.ofSeconds(30)));
  }
}
