package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.FakeUpstreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** Upstreams of a file in two processes, over MCP and REST. */
@Timeout(300)
class UpstreamsOverHttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String UPSTREAMS = "/api/v1/upstreams";
  private static Replicas replicas;
  private static Path file;

  /** Stands in for connections with upstreams. */
  @Configuration(proxyBeanMethods = false)
  static class Fakes {
    @Bean
    @Primary
    FakeUpstreams fakeUpstreams() {
      FakeUpstreams upstreams = new FakeUpstreams();
      upstreams.server("files").tool("read", "reads").prompt("plan").resource("memo://x");
      upstreams.server("web").tool("read", "of the web").tool("find", "");
      upstreams.server("late").tool("hurry", "");
      return upstreams;
    }
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    file = folder.resolve("mcp.json");
    write(
        """
        {"mcpServers": {
          "files": {"command": "sh", "env": {"KEY": "s3cret"}},
          "web": {"url": "https://web.example/mcp?key=s3cret", "headers": {"X": "s3cret"}},
          "bad": {"command": "no-such-program"}, // not installed
        }}
        """);
    replicas =
        new Replicas(
            2,
            Fakes.class,
            "--longhaul.mcp.hold=100s",
            "--longhaul.mcp-servers=" + file,
            "--longhaul.upstreams.files.spread=true",
            "--longhaul.tools.find.priority=low",
            "--longhaul.tools.gone.timeout=1s",
            "--management.endpoints.web.exposure.include=health,prometheus",
            "--management.endpoint.health.show-details=always");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  private static void write(String text) throws IOException {
    Files.writeString(file, text);
  }

  private static Answer rest(int process, String method, String path) {
    return replicas
        .get(process)
        .at(path)
        .raw("")
        .header("Content-Type", null)
        .header("Accept", "application/json, text/plain")
        .method(method)
        .send();
  }

  private static JsonNode upstream(int process, String name) {
    return rest(process, "GET", UPSTREAMS + "/" + name).json();
  }

  private static List<String> listed(int process) {
    return replicas
        .get(process)
        .modern("tools/list", Replies.object())
        .send()
        .result()
        .path("tools")
        .valueStream()
        .map(tool -> tool.path("name").asString())
        .filter(name -> !name.endsWith("_operation") && !name.startsWith("run_"))
        .collect(Collectors.toList());
  }

  private static void listedEverywhere(String name, boolean expected) {
    for (int process : new int[] {0, 1}) {
      await().atMost(LIMIT).until(() -> listed(process).contains(name) == expected);
    }
  }

  @Test
  void toolsOfUpstreamsAreJobs() {
    listedEverywhere("web_read", true);
    assertThat(listed(0)).containsSubsequence("read", "web_read", "find");
    JsonNode result = replicas.get(0).modernCall("files_read", "{}").send().result();
    assertThat(result.at("/content/0/text").asString()).isEqualTo("files ran read NO");
    JsonNode job = replicas.get(1).at("/api/v1/jobs").raw("{\"tool\": \"find\"}").send().json();
    assertThat(job.path("tool").asString()).isEqualTo("web/find");
    assertThat(job.path("priority").asString()).isEqualTo("low");
    JsonNode jobs = rest(0, "GET", "/api/v1/jobs?tool=read").json().path("jobs");
    assertThat(jobs.valueStream().map(each -> each.path("tool").asString()))
        .containsOnly("files/read");
  }

  @Test
  void promptsAndResourcesAreServed() {
    listedEverywhere("web_read", true);
    JsonNode prompts = replicas.get(1).modern("prompts/list", Replies.object()).send().result();
    assertThat(prompts.path("prompts").findValuesAsString("name")).contains("plan");
    JsonNode read =
        replicas
            .get(1)
            .modern("resources/read", Replies.object().put("uri", "memo://x"))
            .send()
            .result();
    assertThat(read.at("/contents/0/text").asString()).isEqualTo("of files");
  }

  @Test
  void anOperatorSeesEachUpstreamWithoutSecrets() {
    listedEverywhere("web_read", true);
    Answer all = rest(1, "GET", UPSTREAMS);
    assertThat(all.status()).as(all.text).isEqualTo(200);
    assertThat(all.text).doesNotContain("s3cret");
    assertThat(all.json().path("upstreams").findValuesAsString("name"))
        .contains("files", "web", "bad");
    JsonNode files = upstream(0, "files");
    assertThat(files.path("state").asString()).isEqualTo("idle");
    assertThat(files.path("era").asString()).isEqualTo("modern");
    assertThat(files.path("server").asString()).isEqualTo("fake 1");
    assertThat(files.path("address").asString()).isEqualTo("sh");
    assertThat(files.at("/tools/0").asString()).isEqualTo("read");
    assertThat(files.path("prompts").asInt()).isEqualTo(1);
    assertThat(upstream(0, "web").path("address").asString()).isEqualTo("https://web.example/mcp");
    JsonNode bad = upstream(0, "bad");
    assertThat(bad.path("state").asString()).isEqualTo("invalid");
    assertThat(bad.path("reason").asString())
        .contains("command no-such-program is not on the PATH");
    Answer unknown = rest(0, "GET", UPSTREAMS + "/nobody");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().path("type").asString()).endsWith(":unknown-upstream");
  }

  @Test
  void aSettingOfAToolThatNobodyHasIsReported() {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(rest(0, "GET", UPSTREAMS).json().path("unknown_settings").toString())
                .contains("longhaul.tools.gone.timeout")
                .doesNotContain("longhaul.tools.find"));
  }

  @Test
  void oneThatIsDisabledIsServedInNoProcess() {
    listedEverywhere("find", true);
    Answer disabled = rest(0, "POST", UPSTREAMS + "/web/disable");
    assertThat(disabled.json().path("state").asString()).isEqualTo("disabled");
    listedEverywhere("find", false);
    assertThat(upstream(1, "web").path("state").asString()).isEqualTo("disabled");
    assertThat(rest(1, "POST", UPSTREAMS + "/web/enable").status()).isEqualTo(200);
    listedEverywhere("find", true);
  }

  @Test
  void theFileIsReadAgainWithoutARestart() throws IOException {
    listedEverywhere("web_read", true);
    String before = Files.readString(file);
    write(before.replace("\"bad\":", "\"late\": {\"url\": \"http://late.example\"}, \"bad\":"));
    Answer reloaded = rest(0, "POST", UPSTREAMS + "/reload");
    assertThat(reloaded.json().path("upstreams").findValuesAsString("name")).contains("late");
    listedEverywhere("hurry", true);
    assertThat(replicas.get(1).modernCall("hurry", "{}").send().text).contains("late ran hurry");
    write(before.replace("\"bad\":", "\"late\": {\"url\": \"no address\"}, \"bad\":"));
    assertThat(rest(1, "POST", UPSTREAMS + "/reload").status()).isEqualTo(200);
    listedEverywhere("hurry", false);
    assertThat(upstream(0, "late").path("state").asString()).isEqualTo("invalid");
    write(before);
    assertThat(rest(1, "POST", UPSTREAMS + "/reload").status()).isEqualTo(200);
  }

  @Test
  void aConnectionIsMadeAnewInAllProcesses() {
    assertThat(rest(0, "POST", UPSTREAMS + "/files/reconnect").status()).isEqualTo(200);
    for (int process : new int[] {0, 1}) {
      FakeUpstreams upstreams = replicas.bean(process, FakeUpstreams.class);
      await().atMost(LIMIT).until(() -> upstreams.reconnected.contains("files"));
    }
  }

  @Test
  void healthAndMetricsAreThoseOfEachUpstream() {
    JsonNode health = rest(0, "GET", "/actuator/health").json().at("/components/upstreams");
    assertThat(health.path("status").asString()).isEqualTo("UP");
    assertThat(health.at("/details/files").asString()).isEqualTo("idle");
    assertThat(health.at("/details/bad").asString()).isEqualTo("invalid");
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(rest(0, "GET", "/actuator/prometheus").text)
                .contains("longhaul_upstream_up{", "upstream=\"files\""));
  }
}
