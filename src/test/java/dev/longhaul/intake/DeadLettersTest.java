package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ANNA;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.DeadLetters.Done;
import dev.longhaul.intake.DeadLetters.Fate;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.Tools;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters are listed, replayed and dropped by their owners. */
class DeadLettersTest {
  private final IntakeFixture fixture =
      new IntakeFixture(
          List.of(),
          Tools.queued("greet", _ -> Tools.text("")),
          Tools.queued("other", _ -> Tools.text("")));
  private final Intake intake = fixture.intake;
  private final DeadLetters letters =
      new StoredDeadLetters(
          fixture.jobs, fixture.admin, tool -> tool.equals("served") ? "greet" : tool);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theDeadOfACallerAreListedByTool() {
    JobId greet = dead(ZOE, "greet");
    JobId other = dead(ZOE, "other");
    fixture.submit(ZOE, "greet");
    assertThat(ids(null)).containsExactly(other, greet);
    assertThat(ids("greet")).containsExactly(greet);
    assertThat(ids("served")).as("by the name of a tool").containsExactly(greet);
    assertThat(letters.list(ANNA, null, null, 10).jobs()).isEmpty();
    assertThatThrownBy(() -> letters.list(ZOE, null, "garbage", 10))
        .satisfies(refused(Refusal.BadRequest.class))
        .hasMessageContaining("cursor");
  }

  @Test
  void aDeadJobIsReplayedOnce() {
    JobId dead = dead(ZOE, "greet");
    Job replay = letters.replay(ZOE, dead);
    assertThat(replay.links().replayOf()).isEqualTo(dead);
    assertThat(replay.state()).isEqualTo(JobState.QUEUED);
    assertThat(intake.job(ZOE, dead).links().replayedBy()).isEqualTo(replay.id());
    assertThat(letters.replay(ZOE, dead).id()).isEqualTo(replay.id());
    fixture.finish(fixture.start());
    assertThat(intake.job(ZOE, replay.id()).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void onlyADeadJobOfTheCallersOwnIsReplayedOrDropped() {
    JobId dead = dead(ZOE, "greet");
    JobId alive = fixture.submit(ZOE, "greet").id();
    assertThatThrownBy(() -> letters.replay(ANNA, dead))
        .satisfies(refused(Refusal.UnknownJob.class));
    assertThatThrownBy(() -> letters.drop(ANNA, dead)).satisfies(refused(Refusal.UnknownJob.class));
    assertThatThrownBy(() -> letters.replay(ZOE, alive))
        .satisfies(refused(Refusal.NotDead.class))
        .hasMessageContaining("is not dead: it is queued");
    assertThatThrownBy(() -> letters.drop(ZOE, alive)).satisfies(refused(Refusal.NotDead.class));
    assertThat(ids(null)).containsExactly(dead);
  }

  @Test
  void ofManyEachHasItsFate() {
    JobId one = dead(ZOE, "greet");
    JobId two = dead(ZOE, "greet");
    JobId annas = dead(ANNA, "greet");
    JobId alive = fixture.submit(ZOE, "greet").id();
    List<String> ids =
        List.of(one.value(), "nonsense", alive.value(), annas.value(), two.value(), one.value());

    Map<String, Fate> replayed = letters.replay(ZOE, ids);
    assertThat(replayed.keySet())
        .containsExactly(one.value(), "nonsense", alive.value(), annas.value(), two.value());
    assertThat(replayed.values())
        .extracting(Fate::done)
        .containsExactly(Done.REPLAYED, Done.UNKNOWN, Done.NOT_DEAD, Done.UNKNOWN, Done.REPLAYED);
    JobId replay = intake.job(ZOE, one).links().replayedBy();
    assertThat(replay).isNotNull();
    assertThat(replayed.get(one.value())).isEqualTo(new Fate(Done.REPLAYED, replay));
    assertThat(intake.job(ANNA, annas).links().replayedBy()).isNull();

    assertThat(letters.drop(ZOE, ids).values())
        .extracting(Fate::done)
        .containsExactly(Done.DROPPED, Done.UNKNOWN, Done.NOT_DEAD, Done.UNKNOWN, Done.DROPPED);
    assertThat(ids(null)).isEmpty();
    assertThatThrownBy(() -> intake.job(ZOE, one)).satisfies(refused(Refusal.UnknownJob.class));
    assertThat(intake.job(ANNA, annas).state()).isEqualTo(JobState.DEAD);
  }

  @Test
  void allOfAToolAreReplayedExceptThoseThatWere() {
    JobId one = dead(ZOE, "greet");
    JobId two = dead(ZOE, "greet");
    dead(ZOE, "other");
    letters.replay(ZOE, one);

    DeadLetters.Replayed page = letters.replayAll(ZOE, "greet", null);
    assertThat(page.fates().keySet()).containsExactly(two.value());
    DeadLetters.Replayed again = letters.replayAll(ZOE, "greet", null);
    assertThat(again.fates()).isEmpty();
  }

  private List<JobId> ids(@org.jspecify.annotations.Nullable String tool) {
    return letters.list(ZOE, tool, null, 10).jobs().stream().map(Job::id).toList();
  }

  private JobId dead(Caller caller, String tool) {
    JobId id = fixture.submit(caller, tool).id();
    fixture.fail(fixture.start());
    assertThat(intake.job(caller, id).state()).isEqualTo(JobState.DEAD);
    return id;
  }
}
