package dev.longhaul.project.chart;

import static dev.longhaul.project.chart.Chart.at;
import static dev.longhaul.project.chart.Chart.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What the chart renders. */
class ChartTest {
  private static final List<String> ROLES = List.of("api", "worker");

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @Test
  void lintFindsNothingInTheChartItself() {
    var result = new Helm(Chart.DIRECTORY).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void lintFindsNothing(String values) {
    var result = Chart.lint(values);

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyObjectIsOneThatTheApiServerTakes(String values) {
    Chart.render(values)
        .forEach((name, object) -> assertThat(KubernetesObjects.errors(object)).as(name).isEmpty());
  }

  @Test
  void aFieldThatDoesNotExistOrHasAnotherTypeIsFound() {
    var service = Chart.render("minimal").get("Service/try-longhaul");
    var scaled = Chart.render("operators").get("ScaledObject/try-longhaul-worker");

    assertThat(KubernetesObjects.errors(with(service, "prots", List.of()))).hasSize(1);
    assertThat(KubernetesObjects.errors(with(service, "type", 1))).hasSize(1);
    assertThat(KubernetesObjects.errors(with(scaled, "maxReplicas", 3))).hasSize(1);
    assertThat(KubernetesObjects.errors(with(scaled, "maxReplicaCount", "3"))).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyPodRunsUnprivilegedOnAReadOnlyRootWithoutTokenAndServiceVariables(String values) {
    var pods =
        Chart.render(values).values().stream()
            .filter(
                object -> List.of("Deployment", "StatefulSet", "Pod").contains(object.get("kind")))
            .toList();

    assertThat(pods).hasSizeGreaterThanOrEqualTo(3);
    for (var object : pods) {
      Map<?, ?> pod = podOf(object);
      assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
      assertThat(at(pod, "securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
      assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
      assertThat(at(pod, "enableServiceLinks")).isEqualTo(false);
      assertThat(at(pod, "serviceAccountName")).isNotNull();
      for (Object container : (List<?>) at(pod, "containers")) {
        Object security = at(container, "securityContext");
        assertThat(at(security, "readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(at(security, "allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(at(security, "capabilities", "drop")).isEqualTo(List.of("ALL"));
      }
    }
  }

  @Test
  void bothRolesAreDeploymentsAndTheServiceIsTheApis() {
    var rendered = Chart.render("minimal");

    assertThat(rendered.keySet())
        .containsExactlyInAnyOrder(
            "ServiceAccount/try-longhaul",
            "ConfigMap/try-longhaul",
            "Deployment/try-longhaul-api",
            "Deployment/try-longhaul-worker",
            "PodDisruptionBudget/try-longhaul-api",
            "PodDisruptionBudget/try-longhaul-worker",
            "Service/try-longhaul",
            "Service/try-longhaul-worker",
            "Pod/try-longhaul-test");
    assertThat(at(rendered.get("Service/try-longhaul"), "spec", "selector"))
        .isEqualTo(
            at(rendered.get("Deployment/try-longhaul-api"), "spec", "selector", "matchLabels"));
    for (String role : ROLES) {
      var pod = podOf(rendered.get("Deployment/try-longhaul-" + role));
      assertThat(at(pod, "securityContext", "runAsUser")).isEqualTo(10001);
      var container = at(pod, "containers", 0);
      assertThat(at(container, "startupProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/liveness");
      assertThat(at(container, "livenessProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/liveness");
      assertThat(at(container, "readinessProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/readiness");
      assertThat(String.valueOf(at(container, "env")))
          .contains("{name=LOGGING_STRUCTURED_FORMAT_CONSOLE, value=ecs}");
      assertThat((List<?>) at(pod, "topologySpreadConstraints")).hasSize(2);
    }
  }

  @Test
  void aPodIsGivenLongerToStopThanItsDrain() {
    var rendered = Chart.render("minimal", chart -> chart.set("worker.drainSeconds", 90));

    assertThat(graceOf(rendered, "worker")).isEqualTo(105);
    assertThat(settings(rendered, "worker")).contains("drain: 90s");
    assertThat(graceOf(rendered, "api")).isEqualTo(35);
    assertThat(settings(rendered, "api")).contains("drain: 20s");
  }

  @Test
  void withAutoscalingAWorkerMayFinishTheLongestAttemptThatTheSettingsAllow() {
    var rendered = Chart.render("operators"); // build_report may take 2 h

    assertThat(settings(rendered, "worker")).contains("drain: 7200s");
    assertThat(graceOf(rendered, "worker")).isEqualTo(7215);
    // No tool of one's own: longhaul.intake.max-timeout is 10 m.
    assertThat(graceOf(Chart.render("gateway"), "worker")).isEqualTo(615);
    var longer =
        Chart.render("gateway", chart -> chart.set("config.longhaul.intake.max-timeout", "90m"));
    assertThat(graceOf(longer, "worker")).isEqualTo(5415);
    var set = Chart.render("gateway", chart -> chart.set("worker.drainSeconds", 0));
    assertThat(graceOf(set, "worker")).isEqualTo(15);
  }

  @Test
  void workersAreScaledOnTheWholeQueueAndSlowlyTakenAway() {
    var scaled = Chart.render("operators").get("ScaledObject/try-longhaul-worker");

    String query =
        "(sum(max by (queue, priority) (longhaul_queue_depth{M}))"
            + " + max(longhaul_queue_held_back{M}) + max(longhaul_queue_running{M})) >= 0";
    assertThat(at(scaled, "spec", "triggers", 0, "metadata", "query"))
        .isEqualTo(
            query.replace(
                "M", "namespace=\"tools\",service=~\"try-longhaul|try-longhaul-worker\""));
    assertThat(at(scaled, "spec", "triggers", 0, "metadata", "threshold")).isEqualTo("30");
    Object down =
        at(scaled, "spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown");
    assertThat(at(down, "stabilizationWindowSeconds")).isEqualTo(600);
    assertThat(at(down, "policies", 0, "value")).isEqualTo(1);
  }

  @Test
  void withAutoscalingNoUpgradeSetsTheNumberOfPods() {
    var rendered = Chart.render("operators");

    for (String role : ROLES) {
      Object spec = at(rendered.get("Deployment/try-longhaul-" + role), "spec");
      assertThat(at(spec, "replicas")).isNull();
    }
    assertThat(at(Chart.render("gateway").get("Deployment/try-longhaul-api"), "spec", "replicas"))
        .isEqualTo(2);
  }

  @Test
  void withoutPrometheusTheApiSaysHowManyJobsThereAre() {
    var rendered = Chart.render("gateway");
    Object spec = at(rendered.get("ScaledObject/try-longhaul-worker"), "spec");

    assertThat(at(spec, "advanced", "scalingModifiers", "formula")).isEqualTo("waiting + running");
    assertThat(at(spec, "triggers", 0, "metadata", "url"))
        .isEqualTo("http://try-longhaul.tools.svc:80/api/v1/health");
    assertThat(at(spec, "triggers", 1, "metadata", "valueLocation"))
        .isEqualTo("longhaul_queue_running");
    assertThat(at(spec, "triggers", 1, "authenticationRef", "name"))
        .isEqualTo("try-longhaul-metrics");
    assertThat(rendered).containsKey("TriggerAuthentication/try-longhaul-metrics");
  }

  @Test
  void metricsAreReadWithTheCredentialAndOfBothRoles() {
    var monitor = Chart.render("operators").get("ServiceMonitor/try-longhaul");

    assertThat(at(monitor, "spec", "endpoints", 0, "authorization", "credentials", "name"))
        .isEqualTo("longhaul-scrape");
    assertThat(at(monitor, "spec", "selector", "matchExpressions", 0, "values")).isEqualTo(ROLES);
    assertThat(at(monitor, "metadata", "labels", "release")).isEqualTo("prometheus");
  }

  @Test
  void theAlertRulesAndTheDashboardAreTheFilesOfTheChart() throws IOException {
    var rendered = Chart.render("operators");
    Path files = Chart.DIRECTORY.resolve("files");
    Object dashboard = rendered.get("ConfigMap/try-longhaul-dashboard");

    assertThat(at(rendered.get("PrometheusRule/try-longhaul"), "spec"))
        .isEqualTo(Chart.read(files.resolve("rules.yaml")));
    assertThat(at(dashboard, "metadata", "labels", "grafana_dashboard")).isEqualTo("1");
    assertThat(JsonMapper.shared().readTree((String) at(dashboard, "data", "longhaul.json")))
        .isEqualTo(JsonMapper.shared().readTree(Files.readString(files.resolve("dashboard.json"))));
  }

  @Test
  void podsAreMarkedForPrometheusOnlyWhereItNeedsNoCredentialAndNoMonitorNamesThem() {
    assertThat(annotations("minimal")).contains("prometheus.io/scrape");
    assertThat(annotations("operators")).doesNotContain("prometheus.io/scrape");
    assertThat(annotations("oauth-ingress")).doesNotContain("prometheus.io/scrape");
  }

  @Test
  void labelsAndAnnotationsOfOnesOwnAreAddedToThePods() {
    var pod = at(Chart.render("oauth-ingress").get("Deployment/jobs-api"), "spec", "template");

    assertThat(at(pod, "metadata", "labels", "team")).isEqualTo("tools");
    assertThat(at(pod, "metadata", "annotations", "team")).isEqualTo("tools");
    var own =
        Chart.render("minimal", chart -> chart.set("podAnnotations.prometheus\\.io/scrape", "no"));
    assertThat(
            at(
                own.get("Deployment/try-longhaul-api"),
                "spec",
                "template",
                "metadata",
                "annotations",
                "prometheus.io/scrape"))
        .isEqualTo("no");
  }

  @Test
  void theIngressNeitherBuffersNorCutsStreamsAndLeavesActuatorOut() {
    var ingress = Chart.render("oauth-ingress").get("Ingress/jobs");

    assertThat((Map<?, ?>) at(ingress, "metadata", "annotations"))
        .isEqualTo(
            Map.of(
                "nginx.ingress.kubernetes.io/proxy-http-version", "1.1",
                "nginx.ingress.kubernetes.io/proxy-buffering", "off",
                "nginx.ingress.kubernetes.io/proxy-request-buffering", "off",
                "nginx.ingress.kubernetes.io/proxy-body-size", "10m",
                "nginx.ingress.kubernetes.io/proxy-read-timeout", "7200",
                "nginx.ingress.kubernetes.io/proxy-send-timeout", "7200",
                "cert-manager.io/cluster-issuer", "letsencrypt"));
    assertThat(String.valueOf(at(ingress, "spec", "rules", 0, "http")))
        .contains("path=/mcp,")
        .doesNotContain("actuator")
        .doesNotContain("path=/,");
    assertThat(at(ingress, "spec", "tls", 0, "hosts"))
        .isEqualTo(List.of("jobs.example.com", "jobs.example.org"));
  }

  @Test
  void theRouteOfTheGatewayGivesStreamsTheirTime() {
    var route = Chart.render("gateway").get("HTTPRoute/try-longhaul");

    assertThat(at(route, "spec", "rules", 0, "timeouts", "request")).isEqualTo("2h");
    assertThat(at(route, "spec", "rules", 0, "timeouts", "backendRequest")).isEqualTo("2h");
    assertThat(String.valueOf(at(route, "spec", "rules", 0, "matches"))).doesNotContain("actuator");
  }

  @Test
  void hostsAtWhichItIsReachedAreAllowed() {
    assertThat(settings(Chart.render("oauth-ingress"), "api"))
        .contains("- jobs.example.com", "- jobs.example.org", "- jobs.tools.svc");
    assertThat(settings(Chart.render("oauth-ingress"), "worker")).doesNotContain("example.org");
  }

  @Test
  void secretsThatExistAreMountedAsFiles() {
    assertThat(secretFiles(Chart.render("oauth-ingress"), "jobs-api"))
        .isEqualTo(
            Map.of(
                "spring.data.redis.url", "redis/uri",
                "request-state-keys", "longhaul-signing/request-state-keys",
                "webhook-secrets", "longhaul-webhooks/webhook-secrets"));
    assertThat(settings(Chart.render("oauth-ingress"), "api"))
        .contains("request-state-keys-file: /keys/request-state-keys")
        .contains("secrets-file: /keys/webhook-secrets");
    assertThat(secretFiles(Chart.render("api-keys-tls-redis"), "try-jobs-worker"))
        .isEqualTo(
            Map.of(
                "spring.data.redis.password", "redis/pw",
                "longhaul.security.api-keys.alice.secret", "longhaul-keys/alice",
                "longhaul.security.api-keys.prometheus.secret-sha256",
                    "longhaul-keys/scrape.sha256"));
    assertThat(secretFiles(Chart.render("sentinel"), "try-longhaul-api"))
        .isEqualTo(
            Map.of(
                "spring.data.redis.password", "redis/password",
                "spring.data.redis.sentinel.password", "redis/sentinel"));
    assertThat(secretFiles(Chart.render("minimal"), "try-longhaul-api")).isEmpty();
  }

  @Test
  void noSecretIsInTheSettingsOrTheEnvironment() {
    var rendered = Chart.render("gateway"); // its redis.url has a password in it

    assertThat(at(rendered.get("Secret/try-longhaul-redis"), "stringData", "url"))
        .isEqualTo("redis://longhaul:secret@redis:6379");
    rendered.remove("Secret/try-longhaul-redis");
    assertThat(rendered.toString()).doesNotContain("longhaul:secret");
  }

  @Test
  void theRedisOfTheChartEvictsNothingAndNeedsItsPassword() {
    var rendered = Chart.render("local-redis");
    String password =
        String.valueOf(at(rendered.get("Secret/try-longhaul-redis"), "stringData", "password"));

    assertThat(password).matches("[A-Za-z0-9]{32}");
    assertThat(at(rendered.get("Secret/try-longhaul-redis"), "stringData", "auth.conf"))
        .isEqualTo("requirepass " + password + "\n");
    assertThat(String.valueOf(at(rendered.get("ConfigMap/try-longhaul-redis"), "data")))
        .contains("maxmemory-policy noeviction", "appendonly yes", "maxmemory 1gb");
    assertThat(settings(rendered, "api")).contains("host: try-longhaul-redis");
    assertThat(
            at(
                rendered.get("StatefulSet/try-longhaul-redis"),
                "spec",
                "volumeClaimTemplates",
                0,
                "spec",
                "storageClassName"))
        .isEqualTo("fast");
    assertThat(
            at(
                Chart.upgrade("local-redis", "made before").get("Secret/try-longhaul-redis"),
                "stringData",
                "password"))
        .isEqualTo("made before");
    var forgetful =
        Chart.render("local-redis", chart -> chart.set("redis.local.persistence.enabled", false));
    assertThat(forgetful.get("StatefulSet/try-longhaul-redis").toString())
        .doesNotContain("volumeClaimTemplates");
  }

  @Test
  void networkPoliciesLetInAndOutWhatIsNeeded() {
    var rendered = Chart.render("operators");
    Object api = at(rendered.get("NetworkPolicy/try-longhaul-api"), "spec");
    Object worker = at(rendered.get("NetworkPolicy/try-longhaul-worker"), "spec");

    assertThat(String.valueOf(at(api, "ingress")))
        .contains("name=agents", "name=monitoring", "app.kubernetes.io/component=test");
    assertThat(String.valueOf(at(worker, "ingress")))
        .contains("name=monitoring")
        .doesNotContain("agents");
    assertThat(String.valueOf(at(worker, "egress")))
        .contains("port=53", "port=6379", "app=redis", "port=443");
    var sentinel = Chart.render("sentinel").get("NetworkPolicy/try-longhaul-worker");
    assertThat(at(sentinel, "spec", "ingress")).isEqualTo(List.of());
    assertThat(at(sentinel, "spec", "egress", 1, "ports"))
        .isEqualTo(List.of(Map.of("port", 26379), Map.of("port", 6379)));
    var local = Chart.render("local-redis").get("NetworkPolicy/try-longhaul-redis");
    assertThat(String.valueOf(at(local, "spec", "ingress", 0, "from")))
        .contains("component=api", "component=worker");
  }

  @Test
  void theNotesSayWhereToConnectAndWhatIsUnsafe() {
    assertThat(Chart.notes("local-redis"))
        .contains("http://try-longhaul.tools.svc:80/mcp", "helm test")
        .contains("callers are not authenticated", "for trials", "is in api.allowedHosts");
    assertThat(Chart.notes("operators"))
        .contains("2 to 6 api and 1 to 20 worker", "keys create", "has 7200 s to finish")
        .doesNotContain("not authenticated");
  }

  @Test
  void aChangedSettingRestartsThePodsOfItsRoleAlone() {
    var before = Chart.render("minimal");
    var after = Chart.render("minimal", chart -> chart.set("worker.exitWhenStuck", false));

    assertThat(checksum(after, "worker")).isNotEqualTo(checksum(before, "worker"));
    assertThat(checksum(after, "api")).isEqualTo(checksum(before, "api"));
  }

  private static Map<?, ?> with(Map<?, ?> object, String field, Object value) {
    var spec = new HashMap<Object, Object>((Map<?, ?>) at(object, "spec"));
    spec.put(field, value);
    var copy = new HashMap<Object, Object>(object);
    copy.put("spec", spec);
    return copy;
  }

  private static Map<String, String> secretFiles(
      Map<String, Map<?, ?>> rendered, String deployment) {
    var files = new HashMap<String, String>();
    for (Object volume : (List<?>) at(podOf(rendered.get("Deployment/" + deployment)), "volumes")) {
      if (List.of("secrets", "keys").contains(at(volume, "name"))) {
        for (Object source : (List<?>) at(volume, "projected", "sources")) {
          Object item = at(source, "secret", "items", 0);
          files.put(
              String.valueOf(at(item, "path")),
              at(source, "secret", "name") + "/" + at(item, "key"));
        }
      }
    }
    return files;
  }

  private static Object graceOf(Map<String, Map<?, ?>> rendered, String role) {
    return at(
        podOf(rendered.get("Deployment/try-longhaul-" + role)), "terminationGracePeriodSeconds");
  }

  private static String settings(Map<String, Map<?, ?>> rendered, String role) {
    var map =
        rendered.entrySet().stream()
            .filter(entry ->
                entry.getKey().startsWith("ConfigMap/")
                    && at(entry.getValue(), "data", "api.yml") != null)
            .findFirst()
            .orElseThrow();
    return String.valueOf(at(map.getValue(), "data", role + ".yml"));
  }

  private static Object checksum(Map<String, Map<?, ?>> rendered, String role) {
    return at(
        rendered.get("Deployment/try-longhaul-" + role),
        "spec",
        "template",
        "metadata",
        "annotations",
        "checksum/config");
  }

  private static String annotations(String values) {
    return Chart.render(values).values().stream()
        .filter(object -> "Deployment".equals(object.get("kind")))
        .map(object -> String.valueOf(at(object, "spec", "template", "metadata", "annotations")))
        .reduce("", String::concat);
  }
}
