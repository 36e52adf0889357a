package dev.longhaul.mcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.QueueDrainingException;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.InvalidParamsException;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.QueryTimeoutException;

class FailuresTest {
  private static final JobId ID = JobId.create(0, 0);

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IntakeException(new Refusal.UnknownTool("x")), 200, -32602),
        Arguments.of(new IntakeException(new Refusal.UnsupportedMethod("x")), 200, -32601),
        Arguments.of(new IntakeException(new Refusal.BadRequest("x")), 200, -32602),
        Arguments.of(
            new IntakeException(new Refusal.BadRequest("delay_seconds", "x")), 200, -32602),
        Arguments.of(new IntakeException(new Refusal.UnknownQueue("x")), 200, -32602),
        Arguments.of(new IntakeException(new Refusal.NotHeld(ID, JobState.QUEUED)), 200, -32602),
        Arguments.of(new IntakeException(new Refusal.NotDead(ID, JobState.QUEUED)), 200, -32602),
        Arguments.of(
            new IntakeException(
                new Refusal.IdempotencyConflict(
                    String.valueOf(new IdempotencyConflictException(ID).getMessage()),
                    new IdempotencyConflictException(ID).known()),
                new IdempotencyConflictException(ID)),
            200,
            -31003),
        Arguments.of(
            new IntakeException(
                new Refusal.QueueDraining(
                    String.valueOf(new QueueDrainingException("x").getMessage())),
                new QueueDrainingException("x")),
            200,
            -31004),
        Arguments.of(
            new IntakeException(
                new Refusal.InvalidArguments("x", List.of(new Violation("", "no")))),
            200,
            -32602),
        Arguments.of(
            new IntakeException(
                new Refusal.InvalidParams("x", List.of(new Violation("/uri", "no")))),
            200,
            -32602),
        Arguments.of(new InvalidParamsException("/cursor", "x"), 200, -32602),
        Arguments.of(new ToolRefusedException(-32002, "x"), 200, -32002),
        Arguments.of(new IntakeException(new Refusal.UnknownJob("x")), 200, -32602),
        Arguments.of(
            new IntakeException(new Refusal.NotFinished(ID, JobState.QUEUED)), 200, -32602),
        Arguments.of(new IntakeException(new Refusal.ResultExpired(ID)), 200, -32602),
        Arguments.of(
            new IntakeException(new Refusal.AlreadyFinished(ID, JobState.DEAD)), 200, -32602),
        Arguments.of(
            new IntakeException(new Refusal.QueueFull("x", Duration.ZERO), new RuntimeException()),
            200,
            -31001),
        Arguments.of(
            new IntakeException(new Refusal.Unavailable("x"), new RuntimeException()), 200, -31002),
        Arguments.of(new QueryTimeoutException("redis at host"), 503, -31002),
        Arguments.of(new IllegalStateException("secret"), 200, -32603),
        Arguments.of(new RpcException(404, -32601, "x"), 404, -32601));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void b8_b9_everythingThatCanGoWrongHasItsCode(Throwable failure, int status, int code) {
    RpcException error = Failures.of(failure);
    assertThat(error.httpStatus()).isEqualTo(status);
    assertThat(error.error().code()).isEqualTo(code);
    assertThat(error.error().message()).doesNotContain("secret").doesNotContain("redis at host");
  }

  @Test
  void whatIsRefusedForGoodDoesNotSayWhenToTryAgain() {
    var refused = new IntakeException(new Refusal.QueueFull("x", null), new RuntimeException());
    assertThat(Failures.of(refused).error().data()).isNull();
  }
}
