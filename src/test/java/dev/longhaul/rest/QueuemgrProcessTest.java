package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.catalog.ToolSettingsException;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The queuemgr API across restarts of the process. */
class QueuemgrProcessTest {
  private final String namespace = TestRedis.namespace();

  private ConfigurableApplicationContext start(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--longhaul.role=api",
                "--server.port=0",
                "--spring.data.redis.url=" + TestRedis.url(),
                "--longhaul.namespace=" + namespace));
    args.addAll(List.of(more));
    return new SpringApplicationBuilder(LonghaulApplication.class).run(args.toArray(String[]::new));
  }

  private static RestClient.Answer queue(ConfigurableApplicationContext process, String fields) {
    int port = process.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    return new RestClient(port)
        .post("/api/v1/execute", "{\"command\":\"queue\",\"params\":{" + fields + "}}");
  }

  @Test
  void anotherProcessKnowsTheJobsByTheirNames() {
    String operation;
    try (var process = start("--longhaul.compat.queuemgr.default-tool=compute_hash")) {
      JsonNode added =
          queue(process, "\"action\":\"add_job\",\"job_id\":\"kept\",\"params\":{\"data\":\"abc\"}")
              .json();
      assertThat(added.path("result").path("tool").asString()).isEqualTo("compute_hash");
      operation = added.path("result").path("operation_id").asString();
    }
    try (var process = start()) {
      String kept = "\"job_id\":\"kept\",\"action\":";
      JsonNode status =
          queue(process, kept + "\"get_status\"").json().path("result").path("status");
      assertThat(status.path("operation_id").asString()).isEqualTo(operation);
      assertThat(status.path("status").asString()).isEqualTo("pending");
      assertThat(queue(process, kept + "\"add_job\"").json().path("error").toString())
          .contains("JOB_EXISTS");
      assertThat(queue(process, kept + "\"start_job\"").json().has("result")).isTrue();
    }
    try (var process = start("--longhaul.compat.queuemgr.enabled=false")) {
      RestClient.Answer answer = queue(process, "\"action\":\"health\"");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.type()).isEqualTo("unknown-route");
    }
    try (var process = start("--longhaul.builtin.enabled=false")) {
      assertThat(queue(process, "\"action\":\"add_job\"").json().path("error").toString())
          .contains("longhaul.compat.queuemgr.default-tool");
    }
  }

  // Jobs of a tool with limits are in the tool's shard, so one id could exist in two shards.
  @Test
  void anIdIsTakenInWhateverShardItsJobIs() {
    try (var process =
        start(
            "--longhaul.redis.shards=5",
            "--longhaul.tools.compute_hash.concurrency=2",
            "--longhaul.tools.compress_data.concurrency=2",
            "--longhaul.tools.profile_dataset.concurrency=2")) {
      String[] tools = {
        "'tool':'compute_hash','params':{'data':'a'}",
        "'tool':'compress_data','params':{'data':'a'}",
        "'tool':'profile_dataset','params':{'content':'a'}"
      };
      for (int i = 0; i < tools.length; i++) {
        for (int j = 0; j < tools.length; j++) {
          String add = "'action':'add_job','job_id':'j" + i + "'," + tools[(i + j) % tools.length];
          String fields = add.replace('\'', '"');
          JsonNode answer = queue(process, fields).json();
          assertThat(answer.path("error").path("data").path("code").asString("added"))
              .isEqualTo(j == 0 ? "added" : "JOB_EXISTS");
        }
      }
      assertThat(queue(process, "\"action\":\"list_jobs\"").json().path("result").path("count"))
          .hasToString("3");
    }
  }

  @Test
  void aDefaultToolThatIsNotThereStopsTheStart() {
    assertThatThrownBy(() -> start("--longhaul.compat.queuemgr.default-tool=compute_hsh"))
        .hasRootCauseInstanceOf(ToolSettingsException.class)
        .rootCause()
        .hasMessage(
            "longhaul.compat.queuemgr.default-tool=compute_hsh: the tool compute_hsh is unknown;"
                + " did you mean \"compute_hash\"?");
  }
}
