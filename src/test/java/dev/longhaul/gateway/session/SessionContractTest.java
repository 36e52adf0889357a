package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** What every session does, in both eras and over all transports. */
@ParameterizedClass
@MethodSource("links")
@Timeout(60)
class SessionContractTest {
  private static final String ELICITATION = "elicitation/create";

  private static final BlockingQueue<String> CHANGES = new LinkedBlockingQueue<>();

  private final Link link;

  SessionContractTest(Link link) {
    this.link = link;
  }

  static Stream<Link> links() {
    return Link.all();
  }

  @BeforeEach
  void reset() throws InterruptedException {
    CHANGES.clear();
    var _ = call("reset", CallFeed.NONE);
  }

  @AfterParameterizedClassInvocation
  static void close(Link link) {
    link.close();
  }

  @Test
  void theUpstreamSaysWhatItIs() throws Exception {
    var facts = session().facts();
    assertThat(facts.era()).isEqualTo(link.era());
    assertThat(facts.version()).isEqualTo(link.era() == Era.MODERN ? "2026-07-28" : "2025-11-25");
    assertThat(facts.info().path("name").asString("")).isEqualTo("test");
    assertThat(facts.instructions()).isEqualTo("be kind");
  }

  @Test
  void aListHasAllPages() throws Exception {
    assertThat(session().list("tools/list"))
        .extracting(tool -> tool.path("name").asString(""))
        .containsExactly("echo", "slow", "ask", "job", "question_job");
    assertThat(session().list("prompts/list")).isEmpty();
    assertThat(session().list("resources/templates/list")).isEmpty();
  }

  @Test
  void aResultComesAsItWasSent() throws Exception {
    ObjectNode result = call("echo", new RecordingFeed());
    ObjectNode expected = TestUpstream.text("heard");
    expected
        .putObject("structuredContent")
        .put("large", TestUpstream.LARGE)
        .put("exact", TestUpstream.EXACT);
    expected.putObject("_meta").put("vendor/key", "kept");
    expected.putArray("unheard").add(1);
    expected.put("isError", true);
    assertThat(result.toString()).isEqualTo(expected.toString());
  }

  @Test
  void anErrorOfTheUpstreamKeepsItsCodeAndData() throws Exception {
    var session = session();
    assertThatExceptionOfType(RpcErrorException.class)
        .isThrownBy(() -> session.call("tools/call", params("refuse"), new RecordingFeed()))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(-31999);
          assertThat(String.valueOf(e.data())).isEqualTo("{\"why\":\"because\"}");
        });
  }

  @Test
  void progressAndLogMessagesReachTheirCallAndAnInterruptCancelsIt() throws Exception {
    var feed = new RecordingFeed();
    var other = new RecordingFeed();
    var session = session();
    var running = new Running(session, "slow", feed);
    var second = new Running(session, "slow", other);
    ObjectNode progress = next(feed.progress);
    assertThat(progress.path("progress").asInt()).isEqualTo(1);
    assertThat(progress.path("total").asInt()).isEqualTo(4);
    assertThat(progress.path("message").asString("")).isEqualTo("one");
    var _ = next(other.progress);
    if (link.streams()) {
      assertThat(next(feed.logs).path("data").asString("")).isEqualTo("said warning");
    }
    running.thread.interrupt();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> running.result.get(30, TimeUnit.SECONDS))
        .withCauseInstanceOf(InterruptedException.class);
    var _ = call("await_cancelled", new RecordingFeed());
    var _ = call("finish", new RecordingFeed());
    assertThat(second.result.get(30, TimeUnit.SECONDS)).isEqualTo(TestUpstream.text("at last"));
    assertThat(feed.progress).isEmpty();
    if (link.scope() == SessionScope.SHARED) {
      assertThat(feed.logs).isEmpty();
    }
  }

  @Test
  void aQuestionReachesTheClientOfItsCall() throws Exception {
    var feed = new RecordingFeed();
    if (link.era() == Era.LEGACY && !link.streams() && link.scope() == SessionScope.SHARED) {
      assertThatExceptionOfType(RpcErrorException.class)
          .isThrownBy(() -> call("ask", feed))
          .satisfies(e -> assertThat(e.code()).isEqualTo(-32601));
      assertThat(call("declared", feed).path("structuredContent").isEmpty()).isTrue();
      return;
    }
    assertThat(call("ask", feed)).isEqualTo(TestUpstream.text("hello Ada"));
    Question question = next(feed.questions);
    assertThat(question.method()).isEqualTo(ELICITATION);
    assertThat(question.key()).isEqualTo(link.era() == Era.MODERN ? "who" : null);
    assertThat(question.params().path("message").asString("")).isEqualTo("who?");
    if (link.era() == Era.LEGACY) {
      assertThat(call("declared", feed).path("structuredContent")).isEqualTo(Capabilities.all());
    }
  }

  @Test
  void aTaskOfTheUpstreamIsFollowedAndAlsoByALaterAttempt() throws Exception {
    var feed = new RecordingFeed();
    var running = new Running(session(), "job", feed);
    String id = next(feed.tasks);
    assertThat(next(feed.statuses)).isEqualTo("under way");
    var resumed = new Running(session(), "job", new RecordingFeed(id));
    var _ = call("finish", new RecordingFeed());
    assertThat(running.result.get(30, TimeUnit.SECONDS)).isEqualTo(TestUpstream.text("done"));
    assertThat(resumed.result.get(30, TimeUnit.SECONDS)).isEqualTo(TestUpstream.text("done"));
  }

  @Test
  void aTaskThatTheUpstreamHasLostMayHaveRun() throws Exception {
    assertThatExceptionOfType(UpstreamLostException.class)
        .isThrownBy(() -> call("job", new RecordingFeed("unknown")))
        .satisfies(e -> assertThat(e.sent()).isTrue());
  }

  @Test
  void theQuestionOfATaskReachesTheClientOfItsCall() throws Exception {
    var feed = new RecordingFeed();
    var running = new Running(session(), "question_job", feed);
    assertThat(next(feed.questions).method()).isEqualTo(ELICITATION);
    var _ = call("finish", new RecordingFeed());
    assertThat(running.result.get(30, TimeUnit.SECONDS)).isEqualTo(TestUpstream.text("done"));
  }

  @Test
  void anInterruptCancelsTheTaskUnlessItIsToGoOn() throws Exception {
    var kept =
        new RecordingFeed() {
          @Override
          public boolean cancelled() {
            return false;
          }
        };
    var goesOn = new Running(session(), "job", kept);
    var feed = new RecordingFeed();
    var running = new Running(session(), "job", feed);
    String id = next(kept.tasks);
    var _ = next(feed.tasks);
    goesOn.thread.interrupt();
    running.thread.interrupt();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> running.result.get(30, TimeUnit.SECONDS))
        .withCauseInstanceOf(InterruptedException.class);
    var _ = call("await_cancelled_task", new RecordingFeed());
    var _ = call("finish", new RecordingFeed());
    assertThat(call("job", new RecordingFeed(id))).isEqualTo(TestUpstream.text("done"));
  }

  @Test
  void changesReachTheListener() throws Exception {
    session().follow(true, Set.of("test://one"));
    var _ = call("await_listener", new RecordingFeed());
    var _ = call("change", new RecordingFeed());
    assertThat(List.of(next(CHANGES), next(CHANGES)))
        .containsExactlyInAnyOrder("tools/list", "test://one");
    session().follow(false, Set.of());
  }

  private UpstreamSession session() throws InterruptedException {
    return link.session(
        new SessionListener() {
          @Override
          public void changed(String method) {
            CHANGES.add(method);
          }

          @Override
          public void resourceUpdated(String uri) {
            CHANGES.add(uri);
          }
        });
  }

  private ObjectNode call(String tool, CallFeed feed) throws InterruptedException {
    return session().call("tools/call", params(tool), feed);
  }

  private static ObjectNode params(String tool) {
    ObjectNode params = TestUpstream.object().put("name", tool);
    params.putObject("arguments").put("text", "heard");
    return params;
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(30, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return java.util.Objects.requireNonNull(next);
  }

  /** A call in a thread of its own. */
  private static final class Running {
    final CompletableFuture<ObjectNode> result = new CompletableFuture<>();
    final Thread thread;

    Running(UpstreamSession session, String tool, CallFeed feed) {
      thread =
          Threads.platform(
              "call",
              () -> {
                try {
                  result.complete(session.call("tools/call", params(tool), feed));
                } catch (InterruptedException | RuntimeException e) {
                  result.completeExceptionally(e);
                }
              });
    }
  }
}
