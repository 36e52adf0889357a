package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.testing.NotesServer;
import dev.longhaul.intake.Jobs;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.FakeUpstreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** Updates of an upstream's resources, from real upstreams to clients of other processes. */
@Timeout(300)
class UpstreamUpdatesTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String NOTES = "note://all";
  private static final String SUBSCRIBE = "resources/subscribe " + NOTES;
  private static final String UNSUBSCRIBE = "resources/unsubscribe " + NOTES;
  private static final String UPDATED = "notifications/resources/updated";

  @TestConfiguration(proxyBeanMethods = false)
  static class Nothing {}

  /** An application whose own upstream is in memory. */
  @Configuration(proxyBeanMethods = false)
  static class Announcing {
    @Bean
    @Primary
    FakeUpstreams fakeUpstreams() {
      FakeUpstreams upstreams = new FakeUpstreams();
      upstreams.server("files").resource("memo://x").announces = true;
      return upstreams;
    }
  }

  private static String[] notes(Path directory) {
    List<String> settings = new ArrayList<>(UpstreamJourneysTest.upstream("notes", directory));
    settings.add("--longhaul.worker.drain=1s");
    return settings.toArray(String[]::new);
  }

  private static void awaitListed(McpHttp http, String uri) {
    await()
        .atMost(LIMIT)
        .until(() -> http.modern("resources/list", Json.object("{}")).send().text.contains(uri));
  }

  private static Stream listen(McpHttp http, String uri) {
    Stream stream =
        http.modern(
                "subscriptions/listen",
                Json.object("{\"notifications\":{\"resourceSubscriptions\":[\"" + uri + "\"]}}"))
            .open();
    assertThat(next(stream).path("method").asString())
        .isEqualTo("notifications/subscriptions/acknowledged");
    return stream;
  }

  private static JsonNode next(Stream stream) {
    return Objects.requireNonNull(stream.next());
  }

  private static String url(Replicas replicas) {
    String port = replicas.bean(0, Environment.class).getRequiredProperty("local.server.port");
    return "http://127.0.0.1:" + port + "/mcp";
  }

  private static void awaitUpdate(Stream stream, String uri) {
    JsonNode message = next(stream);
    while (message.path("method").asString().endsWith("list_changed")) {
      message = next(stream); // the first look at an upstream is over
    }
    assertThat(message.path("method").asString()).as(message.toString()).isEqualTo(UPDATED);
    assertThat(message.at("/params/uri").asString()).isEqualTo(uri);
  }

  private static void add(Replicas replicas, int process, String note) throws Exception {
    Jobs jobs = replicas.bean(process, Jobs.class);
    jobs.await(jobs.call("add_note", Map.of("text", note)).id(), LIMIT);
  }

  private static long times(Path directory, String line) {
    return NotesServer.diary(directory).stream().filter(line::equals).count();
  }

  private static void awaitTimes(Path directory, String line, long times) {
    await().atMost(LIMIT).until(() -> times(directory, line) == times);
  }

  private static Set<String> wanted(FakeUpstreams files) {
    return files.subscribed.getOrDefault("files", Set.of());
  }

  @Test
  void updatesReachClientsOfBothErasInOtherProcesses(@TempDir Path directory) throws Exception {
    try (var replicas = new Replicas(1, Nothing.class, notes(directory))) {
      replicas.start("--longhaul.role=api");
      replicas.start("--longhaul.role=api");
      McpHttp one = replicas.get(1);
      McpHttp two = replicas.get(2);
      awaitListed(one, NOTES);
      awaitListed(two, NOTES);

      String session = two.initialize("2025-06-18", "test");
      try (Stream legacy = two.listen(session, null)) {
        try (Stream modern = listen(one, NOTES)) {
          // Through another process than the one that has the session's stream.
          one.legacy(session, "resources/subscribe", Replies.object().put("uri", NOTES)).send();
          awaitTimes(directory, SUBSCRIBE, 1);
          add(replicas, 0, "first");
          awaitUpdate(modern, NOTES);
          awaitUpdate(legacy, NOTES);
        }
        add(replicas, 0, "second");
        awaitUpdate(legacy, NOTES);
        assertThat(times(directory, UNSUBSCRIBE)).isZero();
        two.legacy(session, "resources/unsubscribe", Replies.object().put("uri", NOTES)).send();
        awaitTimes(directory, UNSUBSCRIBE, 1);
        assertThat(times(directory, SUBSCRIBE)).isEqualTo(1);
      }
    }
  }

  @Test
  void anotherProcessOfTheUpstreamAndAnotherWorkerAreSubscribedAgain(@TempDir Path directory)
      throws Exception {
    try (var replicas = new Replicas(1, Nothing.class, notes(directory))) {
      replicas.start("--longhaul.role=api");
      awaitListed(replicas.get(1), NOTES);
      long unsubscribed;
      try (Stream stream = listen(replicas.get(1), NOTES)) {
        awaitTimes(directory, SUBSCRIBE, 1);
        UpstreamJourneysTest.kill(UpstreamJourneysTest.lastProcess(directory));
        awaitUpdate(stream, NOTES); // it may have been updated meanwhile
        awaitTimes(directory, SUBSCRIBE, 2);

        replicas.start(notes(directory));
        replicas.stop(0);
        awaitUpdate(stream, NOTES);
        awaitTimes(directory, SUBSCRIBE, 3);
        add(replicas, 2, "third");
        awaitUpdate(stream, NOTES);
        unsubscribed = times(directory, UNSUBSCRIBE); // maybe by the worker that has stopped
      }
      awaitTimes(directory, UNSUBSCRIBE, unsubscribed + 1);
    }
  }

  @Test
  void aModernUpstreamAnnouncesWhatItsClientsWant() {
    try (var upstream =
            new Replicas(1, Announcing.class, "--longhaul.upstreams.files.url=http://localhost/");
        var replicas =
            new Replicas(1, Nothing.class, "--longhaul.upstreams.far.url=" + url(upstream))) {
      FakeUpstreams files = upstream.bean(0, FakeUpstreams.class);
      awaitListed(replicas.get(0), "memo://x");
      String session = replicas.get(0).initialize("2025-11-25", "test");
      try (Stream legacy = replicas.get(0).listen(session, null)) {
        legacy.event(); // opens it
        replicas
            .get(0)
            .legacy(session, "resources/subscribe", Replies.object().put("uri", "memo://x"))
            .send();
        try (Stream modern = listen(replicas.get(0), "memo://x")) {
          await().atMost(LIMIT).until(() -> wanted(files).contains("memo://x"));
          files.updated("files", "memo://x");
          awaitUpdate(modern, "memo://x");
          awaitUpdate(legacy, "memo://x");
        }
        replicas
            .get(0)
            .legacy(session, "resources/unsubscribe", Replies.object().put("uri", "memo://x"))
            .send();
        await().atMost(LIMIT).until(() -> wanted(files).isEmpty());
      }
    }
  }
}
