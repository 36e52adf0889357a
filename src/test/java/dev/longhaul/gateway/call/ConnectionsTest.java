package dev.longhaul.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.testing.Tools;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

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

  @Test
  void aCallerHasOneProcessWhateverItsClientsCanBeAsked() {
    assertThat(who(PROCESS, SessionScope.CALLER, "{\"elicitation\": {\"form\": {}}}"))
        .isEqualTo(who(PROCESS, SessionScope.CALLER, "{\"sampling\": {}}"));
  }

  @Test
  void whatIsUnknownOfAClientMakesNoOtherSession() {
    String plain = "{\"elicitation\": {\"form\": {}}, \"roots\": {}}";
    String more = "{\"roots\": {\"n\": 7}, \"elicitation\": {\"x\": {}, \"form\": {\"n\": 8}}}";
    assertThat(who(ADDRESS, SessionScope.SHARED, more))
        .isEqualTo(who(ADDRESS, SessionScope.SHARED, plain))
        .isNotEqualTo(who(ADDRESS, SessionScope.SHARED, "{\"roots\": {}}"));
  }

  private static UpstreamLine.Who who(
      Connection connection, SessionScope scope, String capabilities) {
    return Connections.who(
        config(connection, scope),
        "ann",
        new CallFeed() {
          @Override
          public ObjectNode capabilities() {
            return Tools.object(capabilities);
          }
        });
  }

  private static UpstreamLine.Who looking(Connection connection, SessionScope scope) {
    return Connections.looking(config(connection, scope));
  }

  private static UpstreamConfig config(Connection connection, SessionScope scope) {
    return new UpstreamConfig(
        "a",
        connection,
        ToolRules.ALL,
        false,
        scope,
        QuestionRule.CLIENT,
        1,
        false,
        Duration.ofSeconds(30));
  }
}
