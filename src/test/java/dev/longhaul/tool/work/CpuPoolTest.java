package dev.longhaul.tool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CpuPoolTest {
  private final TestCall call = new TestCall();

  @Test
  void isOneForTheProcessWithAThreadForEachProcessor() throws Exception {
    CpuPool pool = CpuPool.shared();
    assertThat(CpuPool.shared()).isSameAs(pool);
    assertThat(pool.size()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(CpuPool.shared().call(() -> Thread.currentThread().isVirtual())).isFalse();
  }

  @Test
  void knowsTheCallAndThrowsWhatTheTaskThrows() throws Exception {
    assertThat(call.run(() -> CpuPool.shared().call(() -> JobContext.current().id())))
        .isEqualTo("job");
    assertThatThrownBy(() ->
            CpuPool.shared()
                .call(() -> {
                  throw new IOException("the disk is full");
                }))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the disk is full");
  }

  @Test
  void workMadeOfOtherWorkDoesNotWaitForItself() throws Exception {
    CpuPool one = new CpuPool(1, 1);

    assertThat(one.call(() -> one.call(() -> one.call(() -> "inside")))).isEqualTo("inside");
  }

  @Test
  void aCancelInterruptsTheTask() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    var ended =
        call.start(() ->
            new CpuPool(1, 1)
                .call(() -> {
                  running.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  return "late";
                }));
    assertThat(running.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    call.cancel();

    assertThat(TestCall.failure(ended)).isInstanceOf(JobStoppedException.class);
    assertThat(interrupted.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoWaitsForAPlaceInTheQueueCanBeCancelledAndItsTaskNeverRuns() throws Exception {
    CpuPool full = new CpuPool(1, 1);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    var first =
        full.submit(() -> {
          running.countDown();
          release.await();
          return 1;
        });
    assertThat(running.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    var queued = full.submit(() -> 2);
    AtomicBoolean ran = new AtomicBoolean();
    CountDownLatch asking = new CountDownLatch(1);
    var ended =
        call.start(() -> {
          asking.countDown();
          return full.call(() -> {
            ran.set(true);
            return 3;
          });
        });
    assertThat(asking.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    call.cancel();

    assertThat(TestCall.failure(ended)).isInstanceOf(JobStoppedException.class);
    release.countDown();
    assertThat(first.get(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(queued.get(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
    // There is one thread, so this runs after everything queued before.
    assertThat(full.call(() -> ran.get())).isFalse();
  }
}
