package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Waiting;
import dev.longhaul.job.Waiting.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitReasonTextTest {
  private static final Instant THEN = Instant.parse("2026-11-21T08:00:00Z");

  @Test
  void theWordsSayWhatIsWaitedFor() {
    assertThat(WaitReasonText.of(new Waiting(Reason.CONCURRENCY, null, 5)))
        .isEqualTo("waits for its turn: 5 of 5 calls of this tool are running");
    assertThat(WaitReasonText.of(new Waiting(Reason.CONCURRENCY, null, null)))
        .isEqualTo("waits for its turn: as many calls of this tool are running as may at once");
    assertThat(WaitReasonText.of(new Waiting(Reason.TOOL_RATE, THEN, null)))
        .isEqualTo(
            "waits for its turn: this tool is called as often as it may be; it can be expected to"
                + " go on at 2026-11-21T08:00:00Z");
    assertThat(WaitReasonText.of(new Waiting(Reason.CALLER_RATE, null, null)))
        .isEqualTo("waits for its turn: you have made as many calls as you may for now");
    assertThat(WaitReasonText.of(new Waiting(Reason.CALLER_RUNNING, null, null)))
        .isEqualTo("waits for its turn: as many of your calls are running as may at once");
    assertThat(WaitReasonText.of(new Waiting(Reason.BREAKER, THEN, null)))
        .isEqualTo(
            "waits because this tool has failed several times in a row; it is tried again at"
                + " 2026-11-21T08:00:00Z");
  }
}
