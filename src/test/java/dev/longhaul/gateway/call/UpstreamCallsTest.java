package dev.longhaul.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.RemoteCalls;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.gateway.catalog.Upstream;
import dev.longhaul.gateway.catalog.UpstreamHandlers.Repeat;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.LocalPools;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.Execution;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the end of a call of an upstream means for its job. */
class UpstreamCallsTest {
  private static final UpstreamConfig HTTP = UpstreamLineTest.http();
  private static final Upstream NOTES = new Upstream("notes", null);

  private final FakeSessions sessions = new FakeSessions();
  private final Marks marks = new Marks();
  private final LocalPools pools = (_, _) -> () -> {};
  private final Connections connections = new Connections(sessions, new OneProcess(), () -> pools);
  private final RemoteCalls nowhere =
      (_, _, _, _) -> {
        throw new IllegalStateException("not through the queue");
      };
  private final CallHandlers handlers =
      new CallHandlers(
          new UpstreamCalls(connections, marks, Clock.systemUTC()), connections, nowhere);
  private final List<String> seen = new ArrayList<>();
  private final JobId job = JobId.create(1_000, 0);
  private Optional<AttemptContext> running = Optional.empty();

  /** Leases of an installation with one process. */
  static final class OneProcess implements UpstreamLeases {
    @Override
    public Set<String> hold(String process, Set<String> upstreams, Duration lease) {
      return upstreams;
    }

    @Override
    public void giveUp(String process, Set<String> upstreams) {}
  }

  private static final class Marks implements CallMarks {
    private final Map<JobId, Mark> stored = new HashMap<>();
    private int commands;

    @Override
    public Optional<Mark> find(JobId job) {
      commands++;
      return Optional.ofNullable(stored.get(job));
    }

    @Override
    public Optional<Mark> begin(JobId job) {
      commands++;
      return Optional.ofNullable(stored.putIfAbsent(job, new Mark(null)));
    }

    @Override
    public void put(JobId job, Mark mark) {
      commands++;
      stored.put(job, mark);
    }

    @Override
    public void forget(JobId job) {
      commands++;
      stored.remove(job);
    }
  }

  @BeforeEach
  void start() {
    connections.configured(List.of(HTTP));
    connections.start();
  }

  @AfterEach
  void stop() {
    connections.stop();
  }

  private Attempt call(Repeat repeat, int attempt) {
    ObjectNode description = Tools.JSON.createObjectNode().put("name", "add");
    var tool =
        new Tool(
            description,
            ToolPolicy.of(Execution.QUEUED, Duration.ofMinutes(5)).build(),
            handlers.tool(NOTES, "add", description, repeat));
    ObjectNode params = Tools.JSON.createObjectNode().put("name", "add");
    params.putObject("arguments").put("n", 1);
    params.putObject("_meta").put("ours", true);
    var context =
        new AttemptContext(
                job.value(),
                attempt,
                "ann",
                Clock.systemUTC().instant().plusSeconds(300),
                Clock.systemUTC(),
                Tools.JSON,
                new AttemptContext.Sink() {
                  @Override
                  public void progress(Progress progress) {
                    seen.add(progress.fraction() + " " + progress.message());
                  }

                  @Override
                  public void log(JobLog log) {
                    seen.add(log.level() + " " + log.data());
                  }
                })
            .by(
                new Client(
                    "2026-07-28",
                    (ObjectNode)
                        Tools.JSON.readTree("{\"elicitation\":{\"form\":{}},\"tasks\":{}}"),
                    null,
                    null,
                    "debug",
                    Map.of()))
            .asJob();
    running = Optional.of(context);
    return new ToolRunner(Tools.JSON).run(tool, params, context);
  }

  private void fails(RuntimeException how) {
    sessions.code =
        (_, _, _) -> {
          throw how;
        };
  }

  @Test
  void argumentsAndResultPassAsTheyAre() {
    sessions.code =
        (_, params, feed) -> {
          feed.progress(
              json("{\"progressToken\":1,\"progress\":1,\"total\":4,\"message\":\"one\"}"));
          feed.status("two");
          feed.log(json("{\"level\":\"info\",\"data\":[1.5]}"));
          ObjectNode result = params.deepCopy();
          result.set("capabilities", feed.capabilities());
          return result.put("level", feed.logLevel());
        };
    assertThat(call(Repeat.NO, 1))
        .isEqualTo(
            new Attempt.Ended(
                new Outcome.Answered(
                    "{\"name\":\"add\",\"arguments\":{\"n\":1},\"_meta\":{\"ours\":true},"
                        + "\"capabilities\":{\"elicitation\":{\"form\":{}}},\"level\":\"debug\"}",
                    false)));
    assertThat(seen).containsExactly("0.25 one", "0.25 two", "info [1.5]");
    assertThat(marks.commands).isZero();
  }

  @Test
  void anErrorOfTheUpstreamIsTheErrorOfTheCall() {
    fails(new RpcErrorException(-32602, "no such thing", Tools.JSON.readTree("[\"a\",2]")));
    assertThat(call(Repeat.NO, 1))
        .isEqualTo(new Attempt.Ended(new Outcome.Refused(-32602, "no such thing", "[\"a\",2]")));
  }

  @Test
  void aCallThatWasNotSentIsRetriedWhateverItDoes() {
    fails(new UpstreamLostException("connection refused", false, 0, null));
    assertThat(call(Repeat.NO, 1))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.retryable()).isTrue();
              assertThat(failed.error().message()).contains("notes", "refused", "not sent");
            });
  }

  @Test
  void aCallThatWasSentIsRepeatedOnlyWhereThatIsAllowed() {
    fails(new UpstreamLostException("end of stream", true, 0, null));
    assertThat(call(Repeat.YES, 1))
        .isInstanceOfSatisfying(
            Attempt.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
    assertThat(unknown(call(Repeat.NO, 1)).message()).contains("notes", "end of stream");
  }

  @Test
  void anUpstreamThatViolatesTheProtocolIsNamedAndNotCalledAgain() {
    fails(new UpstreamProtocolException("a result without a request"));
    assertThat(call(Repeat.YES, 1))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.retryable()).isFalse();
              assertThat(failed.error().message()).contains("notes", "a result without a request");
            });
  }

  @Test
  void afterACrashTheTaskIsFollowed() {
    sessions.code =
        (_, _, feed) -> {
          if (feed.task() == null) {
            feed.task("t7");
            throw new IllegalStateException("the worker is killed");
          }
          return json("{\"task\":\"" + feed.task() + "\"}");
        };
    var _ = call(Repeat.FOLLOW, 1);
    assertThat(call(Repeat.FOLLOW, 2))
        .isEqualTo(new Attempt.Ended(new Outcome.Answered("{\"task\":\"t7\"}", false)));
    assertThat(marks.stored).isEmpty();
  }

  @Test
  void aCallThatMayBecomeATaskCostsTwoCommandsOfTheStore() {
    var _ = call(Repeat.FOLLOW, 1);
    assertThat(marks.commands).isEqualTo(2);
  }

  @Test
  void afterACrashBeforeThereWasATaskTheOutcomeIsUnknown() {
    sessions.code =
        (_, _, _) -> {
          assertThat(marks.stored).isNotEmpty(); // stored before the call is sent
          throw new IllegalStateException("the worker is killed");
        };
    var _ = call(Repeat.FOLLOW, 1);
    sessions.code = (_, _, _) -> json("{}");
    assertThat(unknown(call(Repeat.FOLLOW, 2)).message()).contains("notes");
  }

  @Test
  void anAttemptThatWasGivenBackIsNotSentAgainThoughTheNextOneIsTheFirstToo() {
    int[] sent = {0};
    sessions.code =
        (_, _, _) -> {
          sent[0]++;
          running.orElseThrow().stop(AttemptContext.Stop.LOST);
          throw new InterruptedException("the end of the drain");
        };
    var _ = call(Repeat.FOLLOW, 1);
    var _ = Thread.interrupted();
    assertThat(unknown(call(Repeat.FOLLOW, 1)).message()).contains("notes");
    assertThat(sent[0]).isOne();
  }

  @Test
  void theTaskOfAnAttemptThatWasGivenBackIsFollowed() {
    sessions.code =
        (_, _, feed) -> {
          if (feed.task() == null) {
            feed.task("t7");
            throw new IllegalStateException("the worker stops");
          }
          return json("{\"task\":\"" + feed.task() + "\"}");
        };
    var _ = call(Repeat.FOLLOW, 1);
    assertThat(call(Repeat.FOLLOW, 1))
        .isEqualTo(new Attempt.Ended(new Outcome.Answered("{\"task\":\"t7\"}", false)));
  }

  @Test
  void anUpstreamThatCannotBeReachedDoesNotHideThatAnEarlierAttemptHasSentTheCall() {
    fails(new IllegalStateException("the worker is killed"));
    var _ = call(Repeat.FOLLOW, 1);
    sessions.opened.forEach(session -> session.alive = false);
    sessions.refusal = new UpstreamLostException("refused", false, 0, null);
    assertThat(unknown(call(Repeat.FOLLOW, 2)).message()).contains("notes");
    assertThat(unknown(call(Repeat.FOLLOW, 3)).message()).contains("notes");
  }

  @Test
  void whileAnUpstreamWaitsForAnAnswerNothingRunsThere() {
    sessions.code =
        (_, _, feed) -> {
          feed.waits();
          throw new IllegalStateException("the worker is killed");
        };
    var _ = call(Repeat.FOLLOW, 1);
    sessions.code =
        (_, _, feed) -> {
          feed.waits();
          feed.goesOn();
          throw new IllegalStateException("the worker is killed");
        };
    assertThat(call(Repeat.FOLLOW, 2)).isInstanceOf(Attempt.Failed.class);
    assertThat(unknown(call(Repeat.FOLLOW, 3)).message()).contains("notes");
  }

  @Test
  void theTaskOfACallThatMayBeRepeatedIsFollowedUntilTheUpstreamHasForgottenIt() {
    sessions.code =
        (_, _, feed) -> {
          if (feed.task() == null) {
            feed.task("t7");
            throw new IllegalStateException("the worker is killed");
          }
          assertThat(feed.task()).isEqualTo("t7");
          throw new UpstreamLostException(
              "unknown task", true, 0, new RpcErrorException(-32602, "unknown task", null));
        };
    var _ = call(Repeat.YES_OR_FOLLOW, 1);
    assertThat(marks.stored).hasSize(1);
    assertThat(call(Repeat.YES_OR_FOLLOW, 2))
        .isInstanceOfSatisfying(
            Attempt.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
    sessions.code = (_, _, feed) -> json("{\"again\":" + (feed.task() == null) + "}");
    assertThat(call(Repeat.YES_OR_FOLLOW, 3))
        .isEqualTo(new Attempt.Ended(new Outcome.Answered("{\"again\":true}", false)));
  }

  private static JobError unknown(Attempt attempt) {
    assertThat(attempt).isInstanceOf(Attempt.Ended.class);
    Outcome outcome = ((Attempt.Ended) attempt).outcome();
    assertThat(outcome).isInstanceOf(Outcome.GivenUp.class);
    JobError error = ((Outcome.GivenUp) outcome).error();
    assertThat(error.code()).isEqualTo(JobError.OUTCOME_UNKNOWN);
    return error;
  }

  private static ObjectNode json(String text) {
    JsonNode tree = Tools.JSON.readTree(text);
    return (ObjectNode) tree;
  }
}
