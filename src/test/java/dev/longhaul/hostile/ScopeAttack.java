package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An unauthenticated client of a server that requires tokens. */
@Hostile(authorized = true)
class ScopeAttack {
  @Test
  void forgedTokensDoNotHaveTheKeysFetchedEachTime(Target target) {
    int before = target.issuer().keysFetched();
    for (int i = 0; i < 200; i++) {
      String forged = target.issuer().withUnknownKey("owner", Target.AUDIENCE);
      var answer = target.get("/api/v1/jobs", "Authorization", "Bearer " + forged);
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    assertThat(target.issuer().keysFetched() - before).isLessThan(50);
  }

  @Test
  void noReadingOfAPathPausesAQueue(Target target) throws Exception {
    String token = target.issuer().token("owner", Target.AUDIENCE, "");
    for (String path :
        new String[] {
          "/api/v1/queues/..;/pause",
          "/api/v1/queues/default;x/pause",
          "/api/v1/;/queues/default/pause",
          "/api/v1/x/../queues/default/pause",
          "/api/v1/%71ueues/default/pause",
          "/api/v1/queues/%2e%2e/pause"
        }) {
      try (var connection = target.connect()) {
        connection.post(
            path, new byte[0], "Authorization", "Bearer " + token, "Connection", "close");
        assertThat(connection.answer().status()).as(path).isIn(400, 403);
      }
    }
  }

  @Test
  void healthTellsAStrangerNoDetails(Target target) throws Exception {
    try (var connection = target.connect()) {
      connection.send(
          "GET /actuator/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
      assertThat(connection.answer().body())
          .contains("\"status\"")
          .doesNotContain("details", "version", "path", "waiting");
    }
  }
}
