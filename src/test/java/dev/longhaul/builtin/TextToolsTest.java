package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.tool.Calls;
import dev.longhaul.tool.JobStoppedException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import tools.jackson.databind.json.JsonMapper;

class TextToolsTest {
  private final TextTools tools =
      new TextTools(new Binder().bindOrCreate("longhaul.builtin", BuiltinProperties.class));

  @Test
  void stopsWhenItsCallIsCancelled() {
    AttemptContext call = cancelled();

    assertThatThrownBy(() -> Calls.run(call, () -> tools.computeHash("some text", null)))
        .isInstanceOf(JobStoppedException.class);
    assertThatThrownBy(() -> Calls.run(call, () -> tools.compressData("some text", null, null)))
        .isInstanceOf(JobStoppedException.class);
  }

  private static AttemptContext cancelled() {
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {}

          @Override
          public void log(JobLog said) {}
        };
    Clock clock = Clock.systemUTC();
    var call =
        new AttemptContext(
            "job",
            1,
            "tester",
            clock.instant().plus(Duration.ofMinutes(10)),
            clock,
            JsonMapper.builder().build(),
            sink);
    call.stop(AttemptContext.Stop.CANCELLED);
    return call;
  }
}
