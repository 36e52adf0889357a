package dev.longhaul.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart in helm/longhaul, linted and rendered by Helm. */
class HelmChartTest {
  private static final Path CHART = Path.of("helm", "longhaul").toAbsolutePath();

  @Test
  void lintFindsNothing() {
    var result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @Test
  void rendersBothRolesAsDeploymentsAndOneServiceForTheApi() {
    var rendered = render(UnaryOperator.identity());

    assertThat(rendered.keySet())
        .contains(
            "Deployment/try-longhaul-api",
            "Deployment/try-longhaul-worker",
            "Service/try-longhaul",
            "ConfigMap/try-longhaul",
            "Secret/try-longhaul-redis");
    assertThat(at(rendered.get("Service/try-longhaul"), "spec", "selector"))
        .isEqualTo(
            at(rendered.get("Deployment/try-longhaul-api"), "spec", "selector", "matchLabels"));
  }

  @Test
  void everyPodRunsUnprivilegedOnAReadOnlyRootAndIsProbed() {
    var rendered = render(UnaryOperator.identity());

    for (String role : List.of("api", "worker")) {
      var pod = at(rendered.get("Deployment/try-longhaul-" + role), "spec", "template", "spec");
      assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
      assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
      assertThat(at(pod, "enableServiceLinks")).isEqualTo(false);
      var container = ((List<?>) at(pod, "containers")).getFirst();
      assertThat(at(container, "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
      assertThat(at(container, "securityContext", "allowPrivilegeEscalation")).isEqualTo(false);
      assertThat(at(container, "startupProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/liveness");
      assertThat(at(container, "livenessProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/liveness");
      assertThat(at(container, "readinessProbe", "httpGet", "path"))
          .isEqualTo("/actuator/health/readiness");
    }
  }

  @Test
  void aWorkerIsGivenLongerToStopThanItsDrain() {
    var rendered = render(chart -> chart.set("worker.drainSeconds", 90));

    var pod = at(rendered.get("Deployment/try-longhaul-worker"), "spec", "template", "spec");
    assertThat((Integer) at(pod, "terminationGracePeriodSeconds")).isGreaterThan(90);
    var settings = (String) at(rendered.get("ConfigMap/try-longhaul"), "data", "worker.yml");
    assertThat(settings).contains("drain: 90s");
  }

  @Test
  void aWorkerWhoseToolsDoNotStopEndsToBeStartedAgainUnlessTheValuesSayOtherwise() {
    var settings = (String) at(render(c -> c).get("ConfigMap/try-longhaul"), "data", "worker.yml");
    assertThat(settings).contains("exit-when-stuck: true");
    var off = render(chart -> chart.set("worker.exitWhenStuck", false));
    assertThat((String) at(off.get("ConfigMap/try-longhaul"), "data", "worker.yml"))
        .contains("exit-when-stuck: false");
  }

  @Test
  void theRedisUrlComesFromAnExistingSecretIfOneIsNamed() {
    var rendered =
        render(chart ->
            chart.set("redis.existingSecret", "my-redis").set("redis.existingSecretKey", "uri"));

    assertThat(rendered.keySet()).noneMatch(name -> name.startsWith("Secret/"));
    var pod = at(rendered.get("Deployment/try-longhaul-worker"), "spec", "template", "spec");
    assertThat(String.valueOf(at(pod, "containers"))).contains("name=my-redis, key=uri");
  }

  @Test
  void otherSettingsReachBothRoles() {
    var rendered = render(chart -> chart.set("config.longhaul.worker.pools.io.concurrency", 7));

    for (String role : List.of("api", "worker")) {
      assertThat((String) at(rendered.get("ConfigMap/try-longhaul"), "data", role + ".yml"))
          .contains("concurrency: 7");
    }
  }

  @Test
  void refusesToRenderWithoutRedisAndSaysWhatIsMissing() {
    assertThatThrownBy(() -> template().set("api.allowUnauthenticated", true).call())
        .hasMessageContaining("redis.url or redis.existingSecret must be set");
  }

  @Test
  void refusesToExposeUnauthenticatedCallsUnlessToldTo() {
    assertThatThrownBy(() -> template().set("redis.url", "redis://redis:6379").call())
        .hasMessageContaining("set api.allowUnauthenticated=true");
  }

  @Test
  void refusesAValueTheSchemaDoesNotKnow() {
    assertThatThrownBy(() -> render(chart -> chart.set("worker.replcas", 3)))
        .hasMessageContaining("replcas");
  }

  private static TemplateCommand template() {
    return new Helm(CHART).template().withName("try").withKubeVersion("1.33.0");
  }

  /** The rendered objects by kind and name. */
  private static Map<String, Object> render(UnaryOperator<TemplateCommand> values) {
    var chart =
        template().set("redis.url", "redis://redis:6379").set("api.allowUnauthenticated", true);
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    return StreamSupport.stream(yaml.loadAll(values.apply(chart).call()).spliterator(), false)
        .filter(Map.class::isInstance)
        .collect(
            Collectors.toMap(
                object -> at(object, "kind") + "/" + at(object, "metadata", "name"),
                object -> object));
  }

  private static Object at(Object tree, String... path) {
    Object here = tree;
    for (String key : path) {
      assertThat(here).as("where %s should be", key).isInstanceOf(Map.class);
      here = ((Map<?, ?>) here).get(key);
    }
    return here;
  }
}
