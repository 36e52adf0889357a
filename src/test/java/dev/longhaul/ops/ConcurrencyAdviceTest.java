package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.ops.ConcurrencyStatus.ProcessUse;
import dev.longhaul.ops.ConcurrencyStatus.QueueUse;
import dev.longhaul.ops.ConcurrencyStatus.ToolLimits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConcurrencyAdviceTest {
  private static final ProcessUse IDLE = new ProcessUse(2, 20, 3, Map.of("io", 50, "cpu", 2));

  private static QueueUse queue(String state, long waiting, long heldBack, double oldest) {
    return new QueueUse("mail", state, waiting, heldBack, oldest);
  }

  private static ToolLimits tool(long running, long waiting, boolean open) {
    return new ToolLimits(
        "scan", "queued", "mail", 300, 2, running, "5/s", waiting, open ? true : null);
  }

  @Test
  void saysThatThereIsRoom() {
    assertThat(
            ConcurrencyAdvice.of(
                List.of(queue("active", 1, 0, 0.5)), List.of(tool(1, 0, false)), IDLE))
        .containsExactly(
            "There is room: 49 more jobs can start in this process at once. Keep to the limits of"
                + " the tools.");
    assertThat(ConcurrencyAdvice.of(List.of(), List.of(), new ProcessUse(2, 20, 0, Map.of())))
        .containsExactly("Nothing waits for long. Keep to the limits of the tools.");
  }

  @Test
  void saysWhatIsInTheWay() {
    assertThat(
            ConcurrencyAdvice.of(
                List.of(
                    queue("paused", 7, 0, 90),
                    queue("draining", 0, 0, 0),
                    queue("active", 12, 0, 31),
                    queue("active", 0, 4, 0)),
                List.of(tool(2, 7, false), tool(2, 0, false), tool(0, 3, false), tool(0, 1, true)),
                new ProcessUse(2, 91, 52, Map.of("io", 50, "cpu", 2))))
        .satisfiesExactly(
            paused -> assertThat(paused).startsWith("Queue mail is paused"),
            draining -> assertThat(draining).startsWith("Queue mail takes no new jobs"),
            late ->
                assertThat(late)
                    .startsWith("Queue mail has 12 jobs waiting, the next for 31 s")
                    .contains("longhaul.worker.pools.<name>.concurrency"),
            held ->
                assertThat(held).startsWith("Queue mail has 4 jobs that wait for a tool's limit"),
            full ->
                assertThat(full)
                    .isEqualTo(
                        "Tool scan runs 2 of 2 calls at once, and 7 wait: more calls of it only"
                            + " wait as well."),
            just ->
                assertThat(just)
                    .isEqualTo("Tool scan runs 2 of 2 calls at once: what is sent now waits."),
            rate -> assertThat(rate).startsWith("Tool scan is at its rate, and 3 wait"),
            open -> assertThat(open).startsWith("Tool scan failed too often"),
            heap -> assertThat(heap).startsWith("This process uses 91 % of its heap"),
            slots -> assertThat(slots).startsWith("All 52 slots of this process are in use"));
  }
}
