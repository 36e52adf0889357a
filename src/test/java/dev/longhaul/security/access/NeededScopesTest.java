package dev.longhaul.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.Scope;
import dev.longhaul.security.ServedPaths;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeededScopesTest {
  private static final List<String> OPERATORS = List.of("longhaul:admin");

  @ParameterizedTest
  @CsvSource({
    "/api/v1/actuator, GET  /api/v1/actuator/env,        jobs:admin",
    "/api/v1/actuator, POST /api/v1/actuator/statekeys,  jobs:admin",
    "/api/v1/actuator, GET  /api/v1/actuator/prometheus, metrics:read",
    "/api/v1/actuator, GET  /api/v1/jobs,                jobs:read",
    "/api/v1,          GET  /api/v1/env,                 jobs:admin",
    "/api/v1,          POST /api/v1/statekeys,           jobs:admin",
    "/api/v1,          GET  /api/v1/metrics,             metrics:read",
    "/api/v1,          POST /api/v1/jobs,                jobs:write",
    "/api,             GET  /api/v1/jobs,                jobs:read",
    "/api,             GET  /api/env,                    jobs:admin",
    "/mcp,             POST /mcp,                        mcp:call",
    "/mcp,             GET  /mcp/env,                    jobs:admin",
    "/mcp/actuator,    GET  /mcp/actuator/prometheus,    metrics:read",
    "/actuator,        GET  /mcp/anything,               jobs:admin",
    "/actuator,        GET  /api/v1/anything,            jobs:admin",
    "/actuator,        GET  /api/v1,                     jobs:admin",
    "'',               GET  /api/v1/jobs,                jobs:read",
    "'',               GET  /env,                        jobs:admin",
    "'',               POST /mcp,                        mcp:call"
  })
  void theLongestRootDecides(String actuator, String request, String scope) {
    int end = request.indexOf(' ');
    String method = request.substring(0, end);
    String path = request.substring(end).strip();
    assertThat(needed(actuator, OPERATORS).of(method, path).scope())
        .isEqualTo(Scope.of(scope).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator", "/api/v1/actuator", "/api/v1", "/mcp", ""})
  void onlyHealthNeedsNoCredential(String actuator) {
    NeededScopes needed = needed(actuator, OPERATORS);

    assertThat(needed.none("/api/v1/health")).isTrue();
    assertThat(needed.none(actuator + "/health")).isTrue();
    assertThat(needed.none(actuator + "/health/readiness")).isTrue();
    assertThat(needed.none(actuator + "/healthy")).isFalse();
    assertThat(needed.none(actuator + "/env")).isFalse();
    assertThat(needed.none("/api/v1/jobs")).isFalse();
  }

  @Test
  void theApiBelowHealthNeedsCredentials() {
    var paths =
        new ServedPaths(
            "/mcp", "/sse", "/messages", "/actuator/health/api", "/actuator", true, true);
    var needed = new NeededScopes(List.of(), OPERATORS, paths);

    assertThat(needed.none("/actuator/health/api/jobs")).isFalse();
    assertThat(needed.none("/actuator/health/readiness")).isTrue();
    assertThat(needed.of("GET", "/actuator/health/api/jobs").scope()).isEqualTo(Scope.JOBS_READ);
  }

  @Test
  void upstreamsAreForOperators() {
    NeededScopes needed = needed("/actuator", OPERATORS);
    assertThat(needed.of("GET", "/api/v1/upstreams").scope()).isEqualTo(Scope.JOBS_ADMIN);
    assertThat(needed.of("POST", "/api/v1/upstreams/files/disable").scope())
        .isEqualTo(Scope.JOBS_ADMIN);
  }

  @Test
  void whoseJobsWaitInAQueueIsForOperators() {
    NeededScopes needed = needed("/actuator", OPERATORS);
    assertThat(needed.of("GET", "/api/v1/queues").scope()).isEqualTo(Scope.JOBS_READ);
    assertThat(needed.of("GET", "/api/v1/queues/callers").scope()).isEqualTo(Scope.JOBS_READ);
    assertThat(needed.of("GET", "/api/v1/queues/default/callers").scope())
        .isEqualTo(Scope.JOBS_ADMIN);
  }

  @Test
  void withoutScopesOfOperatorsATokenMakesNoKeys() {
    var ann = new AuthorizedCaller("ann", null, Set.of(), false);
    NeededScopes open = needed("/actuator", List.of());
    NeededScopes.Need keys = open.of("POST", "/api/v1/keys");

    assertThat(open.permitsToken(ann, open.of("POST", "/api/v1/queues/default/pause"))).isTrue();
    assertThat(open.permitsToken(ann, keys)).isFalse();
    assertThat(open.ofTokens(keys, ann)).containsExactly("jobs:admin");
    var operator = new AuthorizedCaller("bob", null, Set.of("longhaul:admin"), false);
    assertThat(needed("/actuator", OPERATORS).permitsToken(operator, keys)).isTrue();
  }

  private static NeededScopes needed(String actuator, List<String> operators) {
    return new NeededScopes(
        List.of(),
        operators,
        new ServedPaths("/mcp", "/sse", "/messages", "/api/v1", actuator, true, true));
  }
}
