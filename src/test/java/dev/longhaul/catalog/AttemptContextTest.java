package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.AnswerWarning;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.Timing;
import dev.longhaul.tool.ToolAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptContextTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  private final List<Progress> reported = new ArrayList<>();
  private final List<String> logged = new ArrayList<>();
  private final AttemptContext call = call(NOW.plusSeconds(60));

  @Test
  void progressNeverGoesBack() {
    call.progress(0.5, "half");
    call.progress(0.2, "again");
    call.progress(2.0, 10.0, "two of ten");
    call.progress(0.7, null);
    assertThat(reported)
        .containsExactly(
            new Progress(0.5, "half"),
            new Progress(0.5, "again"),
            new Progress(0.5, "two of ten"),
            new Progress(0.7, null));
  }

  @Test
  void progressStaysBetweenNothingAndAll() {
    call.progress(-3, null);
    call.progress(Double.NaN, null);
    call.progress(12.0, 10.0, null);
    assertThat(reported).extracting(Progress::fraction).containsExactly(0.0, 0.0, 1.0);
  }

  @Test
  void withoutATotalTheNumbersGoIntoTheMessage() {
    call.progress(3, null, null);
    call.progress(4.5, null, "reading");
    call.progress(5, 0.0, "reading");
    assertThat(reported)
        .containsExactly(
            new Progress(null, "3 done"),
            new Progress(null, "reading (4.5 done)"),
            new Progress(null, "reading (5 done)"));
  }

  @Test
  void withoutATotalAnEarlierShareStays() {
    call.progress(0.4, null);
    call.progress(3, null, "reading");
    assertThat(reported).last().isEqualTo(new Progress(0.4, "reading (3 done)"));
  }

  @Test
  void theLastPartialIsKeptAsItWasThen() {
    Map<String, Integer> counts = new TreeMap<>(Map.of("a", 1));
    assertThat(call.partial()).isEmpty();
    call.partial(List.of("first"));
    call.partial(counts, 1, 4L);
    counts.put("b", 2);
    assertThat(call.partial()).contains(new Partial("{\"a\":1}", 1L, 4L));
    call.partial("text");
    assertThat(call.partial()).contains(new Partial("\"text\"", null, null));
  }

  @Test
  void aPartialAnswerSaysThatItIsPartial() {
    call.partial(ToolAnswer.of("Two rows.", List.of(1, 2)), 2, 10L);
    var kept = Tools.object(call.partial().orElseThrow().json());
    assertThat(kept.path("data").toString()).isEqualTo("[1,2]");
    assertThat(kept.path("warnings").toString())
        .contains("\"code\":\"PARTIAL_RESULT\"")
        .contains("\"processed\":2,\"total\":10,\"remaining\":8");
    assertThat(kept.path("timing").toString())
        .isEqualTo("{\"elapsed_seconds\":0.0,\"timeout_seconds\":60.0,\"headroom_seconds\":60.0}");
  }

  @Test
  void anAnswerWarnsWhenMoreThanFourFifthsOfTheTimeAreUsed() {
    ToolAnswer<String> answer = ToolAnswer.of("Done.", "x");
    assertThat(answer.timed(new Timing(48, 60, 12)).warnings()).isEmpty();
    assertThat(answer.timed(new Timing(48.1, 60, 11.9)).warnings())
        .singleElement()
        .satisfies(warning -> {
          assertThat(warning.code()).isEqualTo(AnswerWarning.TIMEOUT_NEAR);
          assertThat(warning.message())
              .startsWith("The call used 48.1 s of its time-out of 60.0 s.");
        });
  }

  @Test
  void itsTimingKnowsWhatIsLeftAndLeavesOutPauses() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    var running =
        new AttemptContext(
            "id",
            1,
            "zoe",
            NOW.plusSeconds(60),
            new SettableClock(now),
            Tools.JSON,
            new AttemptContext.Sink() {
              @Override
              public void progress(Progress progress) {}

              @Override
              public void log(JobLog said) {}
            });
    now.set(NOW.plusMillis(12_500));
    assertThat(running.timing()).isEqualTo(new Timing(12.5, 60, 47.5));
    running.prolong(Duration.ofSeconds(10));
    assertThat(running.timing()).isEqualTo(new Timing(2.5, 60, 57.5));
    now.set(NOW.plusSeconds(80));
    assertThat(running.timing()).isEqualTo(new Timing(70, 60, 0));
    assertThat(running.timing().scarce()).isTrue();
  }

  private static final class SettableClock extends Clock {
    private final AtomicReference<Instant> now;

    SettableClock(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  @Test
  void aCheckpointIsPassedWhileNobodyStopsTheCall() {
    assertThatCode(() -> call.checkpoint("reading")).doesNotThrowAnyException();
    assertThat(call.cancelled()).isFalse();
    assertThat(call.stopped()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointThrowsAfterAStop(Stop reason) {
    assertThat(call.stop(reason)).isTrue();
    assertThat(call.cancelled()).isTrue();
    assertThatThrownBy(() -> call.checkpoint("row 7"))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageStartingWith("Stopped at row 7: ");
  }

  @Test
  void theFirstReasonToStopStays() {
    assertThat(call.stop(Stop.CANCELLED)).isTrue();
    assertThat(call.stop(Stop.TIMED_OUT)).isFalse();
    assertThat(call.stopped()).contains(Stop.CANCELLED);
    assertThatThrownBy(() -> call.checkpoint("end"))
        .hasMessage("Stopped at end: the call was cancelled");
  }

  @Test
  void aCheckpointThrowsWhenTheTimeIsOverThoughNobodySaidSo() {
    AttemptContext late = call(NOW.minusMillis(1));
    assertThat(late.cancelled()).isTrue();
    assertThat(late.stopped()).isEmpty();
    assertThatThrownBy(() -> late.checkpoint("end"))
        .hasMessage("Stopped at end: the attempt has timed out");
  }

  @Test
  void whatTheToolLogsGoesToItsCaller() {
    call.log("warning", "reader", "odd row");
    assertThat(logged).containsExactly("warning reader odd row");
  }

  @Test
  void theToolKnowsItsCall() {
    assertThat(call.id()).isEqualTo("id");
    assertThat(call.attempt()).isEqualTo(2);
    assertThat(call.caller()).isEqualTo("zoe");
    assertThat(call.deadline()).isEqualTo(NOW.plusSeconds(60));
  }

  private AttemptContext call(Instant deadline) {
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {
            reported.add(progress);
          }

          @Override
          public void log(JobLog said) {
            logged.add(
                said.level()
                    + " "
                    + said.logger()
                    + " "
                    + Tools.JSON.readTree(said.data()).asString());
          }
        };
    return new AttemptContext(
        "id", 2, "zoe", deadline, Clock.fixed(NOW, ZoneOffset.UTC), Tools.JSON, sink);
  }
}
