package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.CallIntake.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.cache.SingleFlight.Flight;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Several calls wait for one run. */
@Timeout(120)
class SingleFlightTest {
  private static final Inlined DONE = new Inlined.Ended(new Outcome.Answered("{}", false));

  /** A call whose client can disconnect. */
  private static final class Client implements InlineListener {
    final AtomicBoolean gone = new AtomicBoolean();
    final AtomicInteger reports = new AtomicInteger();
    final boolean broken;

    Client(boolean broken) {
      this.broken = broken;
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
      if (broken) {
        throw new IllegalStateException("a broken connection");
      }
      reports.incrementAndGet();
    }

    @Override
    public void log(JobLog log) {}

    @Override
    public Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
      return Optional.of(List.of());
    }

    @Override
    public boolean cancelled() {
      return gone.get();
    }
  }

  private final Client first = new Client(false);
  private final Client second = new Client(false);
  private final Flight run = new Flight(first);

  private CompletableFuture<Optional<Inlined>> follow(Client client) {
    assertThat(run.join(client)).isTrue();
    var end = new CompletableFuture<Optional<Inlined>>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(run.await(client));
          } catch (RuntimeException e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  @Test
  void allHearOfItAndAllGetItsEnd() throws Exception {
    Client broken = new Client(true);
    var one = follow(second);
    var other = follow(broken);
    run.progress(0.5, 1.0, "half");
    assertThat(first.reports).hasValue(1);
    assertThat(second.reports).hasValue(1);
    run.end.complete(Optional.of(DONE));
    assertThat(one.get(60, TimeUnit.SECONDS)).contains(DONE);
    assertThat(other.get(60, TimeUnit.SECONDS)).contains(DONE);
    assertThat(run.join(new Client(false))).isFalse();
  }

  @Test
  void whoLeavesGetsNothingAndCancelsNothingForTheOthers() throws Exception {
    var left = follow(second);
    first.gone.set(true);
    assertThat(run.cancelled()).isFalse();
    second.gone.set(true);
    assertThat(left.get(60, TimeUnit.SECONDS))
        .contains(new Inlined.Ended(new Outcome.Cancelled(null)));
    assertThat(run.cancelled()).isTrue();
  }

  @Test
  void whoComesWhenAllOthersHaveLeftRunsForHimself() throws Exception {
    first.gone.set(true);
    assertThat(run.cancelled()).isTrue();
    var late = follow(second);
    run.end.complete(Optional.of(new Inlined.Ended(new Outcome.Cancelled(null))));
    assertThat(late.get(60, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void itsFailureIsEverybodys() {
    var waiting = follow(second);
    run.end.completeExceptionally(new IllegalStateException("broken"));
    assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasMessageContaining("broken");
  }

  @Test
  void aRunThatAsksIsTheFirstCallsAlone() throws Exception {
    var waiting = follow(second);
    assertThat(run.ask(List.of(), true)).isPresent();
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEmpty();
    assertThat(run.join(new Client(false))).isFalse();
    first.gone.set(true);
    assertThat(run.cancelled()).isTrue();
  }
}
