package dev.longhaul.mcp.modern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.tool.Change;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A subscription that has left its request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenStreamTest {
  private static final ListenFilter TOOLS =
      new ListenFilter(true, false, false, List.of(), List.of());

  private final Detached reply = new Detached();

  @Test
  void whatIsSentHasTheContextOfTheRequestAndNotOfTheChange() throws Exception {
    MDC.put("who", "request");
    try {
      ListenStream stream = stream();
      assertThat(stream.serve(() -> {})).isTrue();
      assertThat(reply.sentBy.take()).isEqualTo("request");
      MDC.put("who", "change");
      stream.note(new Change.Tools());
      assertThat(reply.sentBy.take()).isEqualTo("request");
    } finally {
      MDC.remove("who");
    }
  }

  @Test
  void anUnexpectedFailureEndsTheStreamSoThatTheClientComesBack() throws Exception {
    ListenStream stream = stream();
    CountDownLatch ended = new CountDownLatch(1);
    assertThat(stream.serve(ended::countDown)).isTrue();
    stream.note(JobId.create(0, 0));
    ended.await();
  }

  private ListenStream stream() {
    return new ListenStream(
        JsonNodeFactory.instance.numberNode(1),
        TOOLS,
        reply,
        _ -> {
          throw new IllegalStateException("unexpected");
        });
  }

  private static final class Detached implements Reply {
    private final BlockingQueue<String> sentBy = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public boolean canStream() {
      return true;
    }

    @Override
    public void openAfter(Duration quiet) {}

    @Override
    public void send(ObjectNode notification) {
      sentBy.add(String.valueOf(MDC.get("who")));
    }

    @Override
    public boolean detach() {
      return true;
    }

    @Override
    public boolean whenDetachedEnds(Runnable action) {
      var _ = ended.thenRun(action);
      return true;
    }

    @Override
    public void finish(int httpStatus, ObjectNode message) {
      ended.complete(null);
    }

    @Override
    public void finishSilently() {
      ended.complete(null);
    }

    @Override
    public boolean gone() {
      return false;
    }

    @Override
    public void onGone(Runnable action) {}
  }
}
