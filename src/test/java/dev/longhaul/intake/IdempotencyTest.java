package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ANNA;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.Tool;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.intake.Refusal.IdempotencyConflict;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.Tools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call with a known idempotency key returns the job of the first call. */
class IdempotencyTest {
  private static final Tool GREET = Tools.queued("greet", _ -> Tools.text(""));

  private final List<JobId> heard = new ArrayList<>();
  private final IntakeFixture fixture =
      new IntakeFixture(
          List.of(
              new IntakeListener() {
                @Override
                public void submitted(Job job) {
                  heard.add(job.id());
                }
              }),
          GREET,
          Tools.queued("part", _ -> Tools.text("")));
  private final Intake intake = fixture.intake;

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{`a`:1,`b`:[1,2]}               | {`b`:[1.0,2e0],`a`:1}",
        "{`n`:100000000000000000000}     | {`n`:1e20}",
        "{`n`:0}                         | {`n`:-0.0}",
        "{`o`:{`x`:null,`y`:`ä\\n`}}     | {`o`:{`y`:`\\u00e4\\u000a`,`x`:null}}",
        "{}                              | null"
      })
  void equalArgumentsAreTheSameJobHoweverTheyAreWritten(String one, String other) {
    Job first = intake.submit(keyed(ZOE, quoted(one), "k"));
    assertThat(intake.submit(keyed(ZOE, quoted(other), "k")).id()).isEqualTo(first.id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{`a`:1}     | {`a`:2}",
        "{`a`:1}     | {`a`:`1`}",
        "{`a`:null}  | {}",
        "{`a`:[1,2]} | {`a`:[2,1]}",
        "{`a`:{}}    | {`a`:[]}",
        "{`a`:0.1}   | {`a`:0.2}"
      })
  void otherArgumentsAreAConflictThatNamesTheJob(String one, String other) {
    Job first = intake.submit(keyed(ZOE, quoted(one), "k"));
    assertThatThrownBy(() -> intake.submit(keyed(ZOE, quoted(other), "k")))
        .satisfies(
            refused(
                IdempotencyConflict.class,
                conflict -> assertThat(conflict.known()).isEqualTo(first.id())))
        .hasMessageContaining("used before with other arguments");
    assertThat(intake.list(ZOE, null, null, null, 10).jobs()).hasSize(1);
  }

  // Quoted for both CSV and JSON.
  private static String quoted(String json) {
    return json.replace('`', '"');
  }

  @Test
  void anotherToolUnderTheKeyIsAConflict() {
    intake.submit(keyed(ZOE, "{}", "k"));
    var other =
        Submission.toolCall(ZOE, Tools.object("{\"name\":\"part\"}"))
            .with(JobOptions.builder().idempotencyKey("k").build());
    assertThatThrownBy(() -> intake.submit(other)).satisfies(refused(IdempotencyConflict.class));
  }

  @Test
  void whatIsNotPartOfTheCallMakesNoDifference() {
    Job first = intake.submit(keyed(ZOE, "{\"a\":1}", "k"));
    var params =
        Tools.object(
            "{\"name\":\"greet\",\"arguments\":{\"a\":1},\"_meta\":{\"trace\":\"2\"},\"task\":{}}");
    var again =
        Submission.toolCall(ZOE, params)
            .with(JobOptions.builder().idempotencyKey("k").held(true).build());
    assertThat(intake.submit(again).id()).isEqualTo(first.id());
  }

  @Test
  void anotherProcessFindsTheJobEvenAfterItsEnd() {
    Job first = intake.submit(keyed(ZOE, "{}", "k"));
    fixture.finish(fixture.start());
    Job again = fixture.otherIntake(GREET).submit(keyed(ZOE, "{}", "k"));
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.state()).isEqualTo(JobState.COMPLETED);
    assertThat(intake.outcome(ZOE, again.id()).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void theKeyOfAForgottenJobIsFree() {
    Job first = intake.submit(keyed(ZOE, "{}", "k"));
    intake.delete(ZOE, first.id(), true);
    assertThat(intake.submit(keyed(ZOE, "{\"a\":1}", "k")).id()).isNotEqualTo(first.id());
  }

  @Test
  void keysBelongToTheirCallers() {
    Job zoes = intake.submit(keyed(ZOE, "{}", "k"));
    Job annas = intake.submit(keyed(ANNA, "{}", "k"));
    assertThat(annas.id()).isNotEqualTo(zoes.id());
    assertThat(annas.owner()).isEqualTo("anna");
  }

  @Test
  void aJobThatWasFoundIsNotToldAsSubmittedAgain() throws InterruptedException {
    Job first = intake.submit(keyed(ZOE, "{}", "k"));
    // The time in an id has the precision of a millisecond.
    while (System.currentTimeMillis() <= first.id().epochMillis()) {
      Thread.sleep(1);
    }
    intake.submit(keyed(ZOE, "{}", "k"));
    assertThat(heard).containsExactly(first.id());
  }

  @Test
  void aKeyHasALength() {
    for (String key : List.of("", "  ", "x".repeat(256))) {
      assertThatThrownBy(() -> intake.submit(keyed(ZOE, "{}", key)))
          .satisfies(refused(BadRequest.class))
          .hasMessage("idempotency_key must be a string of 1 to 255 characters.");
    }
    intake.submit(keyed(ZOE, "{}", "x".repeat(255)));
  }

  private static Submission keyed(Caller caller, String arguments, String key) {
    var params = Tools.object("{\"name\":\"greet\",\"arguments\":" + arguments + "}");
    return Submission.toolCall(caller, params)
        .with(JobOptions.builder().idempotencyKey(key).build());
  }
}
