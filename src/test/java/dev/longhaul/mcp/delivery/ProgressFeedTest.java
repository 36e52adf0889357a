package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Progress;
import dev.longhaul.mcp.stream.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ProgressFeedTest {
  private final List<ObjectNode> sent = new ArrayList<>();
  private final ProgressFeed feed =
      new ProgressFeed(JsonNodeFactory.instance.stringNode("t"), new Recording());

  @Test
  void k5_whatGoesOutGrowsStrictlyWhateverComesIn() {
    feed.report(new Progress(null, "starting"));
    feed.report(new Progress(0.5, "half"));
    feed.report(new Progress(0.5, "still half"));
    feed.report(new Progress(null, "unknown"));
    feed.report(new Progress(0.9, "nearly"));
    feed.report(new Progress(0.9, "nearly"));
    List<Double> values =
        sent.stream().map(n -> n.path("params").path("progress").asDouble()).toList();
    assertThat(values).hasSizeGreaterThan(3).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aNewMessageGoesOutThoughNothingAdvanced() {
    feed.report(new Progress(0.5, "a"));
    feed.report(new Progress(0.5, "b"));
    assertThat(sent).hasSize(2);
    assertThat(sent.get(1).path("params").path("message").asString()).isEqualTo("b");
    assertThat(sent.get(1).path("params").path("progress").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void noNumberHasMoreThanFourDecimals() {
    feed.report(new Progress(1 / 70.0, "one of seventy"));
    feed.report(new Progress(1 / 70.0, "still one"));
    feed.report(1 / 3.0, 2 / 3.0, "a third");
    feed.report(0.333_33, 2 / 3.0, "no step that is shown");
    feed.report(new Progress(0.999_999, "nearly"));

    assertThat(sent.stream().map(n -> n.path("params").path("progress").toString()))
        .containsExactly("0.0143", "0.0144", "0.3333", "0.9999");
    assertThat(sent.get(2).path("params").path("total").toString()).isEqualTo("0.6667");
  }

  @Test
  void k5_noTokenNoNotifications() {
    new ProgressFeed(null, new Recording()).report(new Progress(0.5, "a"));
    assertThat(sent).isEmpty();
  }

  private final class Recording implements Reply {
    @Override
    public boolean canStream() {
      return true;
    }

    @Override
    public void openAfter(Duration quiet) {}

    @Override
    public void send(ObjectNode notification) {
      sent.add(notification);
    }

    @Override
    public void finish(int httpStatus, ObjectNode message) {}

    @Override
    public void finishSilently() {}

    @Override
    public boolean gone() {
      return false;
    }

    @Override
    public void onGone(Runnable action) {}
  }
}
