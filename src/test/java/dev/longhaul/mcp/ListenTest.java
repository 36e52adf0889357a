package dev.longhaul.mcp;

import static dev.longhaul.mcp.McpHttp.P;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.modern.ListenStreams;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tests of subscriptions/listen; checklist L, M19, M20. */
class ListenTest extends McpTest {
  private static final String TOOLS_CHANGED = "notifications/tools/list_changed";

  @Autowired private Changes changes;
  @Autowired private ListenStreams streams;

  @AfterEach
  void everyStreamGoesWithItsConnection() {
    await().atMost(Duration.ofSeconds(60)).until(() -> streams.size() == 0);
  }

  @Test
  void l1_theAcknowledgementComesFirstAndRepeatsTheIdWithItsType() {
    for (String id : new String[] {"7", "\"7\""}) {
      try (Stream stream = open(id, "{\"toolsListChanged\":true}")) {
        assertThat(stream.response.headers().firstValue("Content-Type").orElse(""))
            .startsWith("text/event-stream");
        changes.tools();
        JsonNode first = message(stream);
        assertThat(first.path("method").asString())
            .isEqualTo("notifications/subscriptions/acknowledged");
        assertThat(subscription(first)).isEqualTo(id);
        assertThat(first.path("params").path("notifications").toString())
            .isEqualTo("{\"toolsListChanged\":true}");
      }
    }
  }

  @Test
  void l2_everyLaterNotificationIsTagged() {
    try (Stream stream = acknowledged("\"s\"", "{\"toolsListChanged\":true}")) {
      for (int i = 0; i < 3; i++) {
        changes.tools();
        JsonNode told = message(stream);
        assertThat(told.path("method").asString()).isEqualTo(TOOLS_CHANGED);
        assertThat(subscription(told)).isEqualTo("\"s\"");
        assertThat(told.has("id")).isFalse();
      }
    }
  }

  @Test
  void l3_falseEqualsOmittedAndOnlyWhatIsServedIsHonoured() {
    try (Stream stream =
        open("1", "{\"toolsListChanged\":false,\"skillsListChanged\":true,\"taskIds\":[]}")) {
      JsonNode first = message(stream);
      assertThat(first.path("params").path("notifications").toString()).isEqualTo("{}");
    }
  }

  @Test
  void l3_aTypeThatWasNotAskedForIsNotSent() {
    try (Stream tools = acknowledged("1", "{\"toolsListChanged\":true}");
        Stream nothing = acknowledged("2", "{}")) {
      changes.prompts();
      changes.resources();
      changes.resource("test://other");
      changes.tools();
      assertThat(message(tools).path("method").asString()).isEqualTo(TOOLS_CHANGED);
      streams.stop();
      assertThat(message(nothing).has("result")).isTrue();
    } finally {
      streams.start();
    }
  }

  @Test
  void l4_neitherProgressNorLogMessagesAppearOnTheStream() {
    JobId id = task();
    try (Stream stream = acknowledged("1", taskIds(id))) {
      assertThat(message(stream).path("method").asString()).isEqualTo("notifications/tasks");
      intake.progress(id, new Progress(0.5, "half"));
      intake.finish(id, new Outcome.Answered(FakeIntake.text("done"), false));
      JsonNode told;
      do {
        told = message(stream);
        assertThat(told.path("method").asString()).isEqualTo("notifications/tasks");
      } while (!told.path("params").path("status").asString().equals("completed"));
    }
  }

  @Test
  void l5_updatesComeForListedResourcesOnlyAndOnlyIfSubscribingIsDeclared() {
    boolean declared =
        http.modern("server/discover", Json.object("{}"))
            .send()
            .result()
            .path("capabilities")
            .path("resources")
            .path("subscribe")
            .asBoolean(false);
    try (Stream stream =
        open("1", "{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"test://a\"]}")) {
      JsonNode honoured = message(stream).path("params").path("notifications");
      assertThat(honoured.has("resourceSubscriptions")).isEqualTo(declared);
      changes.resource("test://b");
      changes.resource("test://a");
      if (declared) {
        JsonNode told = message(stream);
        assertThat(told.path("method").asString()).isEqualTo("notifications/resources/updated");
        assertThat(told.path("params").path("uri").asString()).isEqualTo("test://a");
        assertThat(subscription(told)).isEqualTo("1");
      }
      changes.tools();
      assertThat(message(stream).path("method").asString()).isEqualTo(TOOLS_CHANGED);
    }
  }

  @Test
  void l6_everyInterestedStreamHearsOfAChangedList() {
    try (Stream one = acknowledged("1", "{\"toolsListChanged\":true}");
        Stream two = acknowledged("2", "{\"toolsListChanged\":true}")) {
      changes.tools();
      assertThat(subscription(message(one))).isEqualTo("1");
      assertThat(subscription(message(two))).isEqualTo("2");
    }
  }

  @Test
  void l7_aShutdownEndsTheStreamWithAResult() {
    try (Stream stream = acknowledged("\"last\"", "{\"toolsListChanged\":true}")) {
      streams.stop();
      JsonNode end = message(stream);
      assertThat(end.path("id").toString()).isEqualTo("\"last\"");
      assertThat(end.path("result").path("resultType").asString()).isEqualTo("complete");
      assertThat(end.path("result").path("_meta").path(P + "subscriptionId").asString())
          .isEqualTo("last");
      assertThat(stream.next()).isNull();
    } finally {
      streams.start();
    }
  }

  @Test
  void l8_k4_noCancelledNotificationEndsAStreamOverHttp() {
    try (Stream stream = acknowledged("1", "{}")) {
      streams.stop();
      assertThat(message(stream).has("method")).isFalse();
    } finally {
      streams.start();
    }
  }

  @Test
  void l9_aClientMayHaveSeveralStreamsAndEachGoesWithItsConnection() {
    Stream one = acknowledged("1", "{\"toolsListChanged\":true}");
    Stream same = acknowledged("1", "{\"toolsListChanged\":true}");
    assertThat(streams.size()).isEqualTo(2);
    one.close();
    await().atMost(Duration.ofSeconds(60)).until(() -> streams.size() == 1);
    changes.tools();
    assertThat(message(same).path("method").asString()).isEqualTo(TOOLS_CHANGED);
    same.close();
    await().atMost(Duration.ofSeconds(60)).until(() -> streams.size() == 0);
  }

  @Test
  void l9_aClientMayNotHaveMoreStreamsThanTheLimit() {
    try (Stream one = acknowledgedFor("greedy", "1");
        Stream two = acknowledgedFor("greedy", "2");
        Stream _ = acknowledgedFor("other", "1")) {
      Answer third = request("3", "{}").header("Test-Caller", "greedy").send();
      assertThat(third.code()).isEqualTo(-31005);
      assertThat(third.text).contains("longhaul.mcp.listen.max-streams");
      assertThat(one.response.statusCode()).isEqualTo(two.response.statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "{\"toolsListChanged\":\"yes\"}",
        "{\"resourceSubscriptions\":\"test://a\"}",
        "{\"resourceSubscriptions\":[5]}",
        "{\"taskIds\":{}}",
        "{\"resourceSubscriptions\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}"
      })
  void l1_aFilterThatIsNoneIsRefused(String filter) {
    Answer answer = request("1", filter).send();
    assertThat(answer.code()).isEqualTo(-32602);
    assertThat(answer.type()).startsWith("application/json");
  }

  @Test
  void aClientThatTakesNoStreamIsTold() {
    Answer answer = request("1", "{}").header("Accept", "application/json").send();
    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.text).contains("text/event-stream");
  }

  @Test
  void m19_tasksNeedTheExtension() {
    JobId id = task();
    ObjectNode params = Json.object("{}");
    params.set("notifications", Json.tree(taskIds(id)));
    Answer answer = http.modern("subscriptions/listen", params).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32021);
    assertThat(answer.json().path("error").path("data").toString())
        .isEqualTo("{\"requiredCapabilities\":{\"extensions\":{\"" + P + "tasks\":{}}}}");
  }

  @Test
  void m19_m21_onlyTheCallersOwnTasksAreAccepted() {
    JobId mine = task();
    String unknown = JobId.create(1, 0).value();
    String ids = "{\"taskIds\":[\"" + mine + "\",\"" + unknown + "\",\"none\"]}";
    try (Stream stream = open("1", ids)) {
      assertThat(message(stream).path("params").path("notifications").toString())
          .isEqualTo("{\"taskIds\":[\"" + mine + "\"]}");
    }
    try (Stream stream = request("1", ids).header("Test-Caller", "somebody else").open()) {
      assertThat(message(stream).path("params").path("notifications").toString()).isEqualTo("{}");
    }
  }

  @Test
  void m20_aTaskIsToldInFullAsTasksGetWouldShowIt() {
    JobId id = task();
    try (Stream stream = acknowledged("9", taskIds(id))) {
      JsonNode now = message(stream);
      assertThat(now.path("method").asString()).isEqualTo("notifications/tasks");
      assertThat(now.path("params").path("status").asString()).isEqualTo("working");
      intake.finish(id, new Outcome.Answered(FakeIntake.text("done"), false));
      JsonNode told = message(stream);
      assertThat(subscription(told)).isEqualTo("9");
      ObjectNode shown = (ObjectNode) told.path("params").deepCopy();
      shown.remove("_meta");
      ObjectNode got = (ObjectNode) http.modernTask("tasks/get", id.value()).send().result();
      got.remove("resultType");
      got.remove("_meta");
      assertThat(shown).isEqualTo(got);
      assertThat(shown.path("result").path("content").get(0).path("text").asString())
          .isEqualTo("done");
    }
  }

  @Test
  void l5_aJobReadAsAResourceIsUpdatedWithTheJobIfSubscribingIsDeclared() {
    JobId id = task();
    String uri = "longhaul://jobs/" + id;
    try (Stream stream = open("1", "{\"resourceSubscriptions\":[\"" + uri + "\"]}")) {
      JsonNode honoured = message(stream).path("params").path("notifications");
      if (honoured.has("resourceSubscriptions")) {
        intake.progress(id, new Progress(0.5, "half"));
        JsonNode told = message(stream);
        assertThat(told.path("method").asString()).isEqualTo("notifications/resources/updated");
        assertThat(told.path("params").path("uri").asString()).isEqualTo(uri);
      }
    }
  }

  private JobId task() {
    String id = http.modernTaskCall("slow").send().result().path("taskId").asString();
    return new JobId(id);
  }

  private static String taskIds(JobId id) {
    return "{\"taskIds\":[\"" + id + "\"]}";
  }

  private Stream acknowledged(String id, String filter) {
    Stream stream = open(id, filter);
    assertThat(message(stream).path("method").asString()).endsWith("acknowledged");
    return stream;
  }

  private Stream acknowledgedFor(String caller, String id) {
    Stream stream = request(id, "{}").header("Test-Caller", caller).open();
    assertThat(message(stream).path("method").asString()).endsWith("acknowledged");
    return stream;
  }

  private Stream open(String id, String filter) {
    return request(id, filter).open();
  }

  private McpHttp.Builder request(String id, String filter) {
    ObjectNode params = McpHttp.declaringTasks(Json.object("{}"));
    params.set("notifications", Json.tree(filter));
    return http.modern(Json.tree(id), "subscriptions/listen", params);
  }

  private static JsonNode message(Stream stream) {
    return Objects.requireNonNull(stream.next(), "the stream ended");
  }

  private static String subscription(JsonNode message) {
    return message.path("params").path("_meta").path(P + "subscriptionId").toString();
  }
}
