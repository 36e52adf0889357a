package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.thread.OutOfMemory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryProcessTest {

  @Test
  void aToolThatRunsOutOfMemoryEndsTheProcess(@TempDir Path directory) throws Exception {
    try (LonghaulProcess longhaul =
            LonghaulProcess.start(
                directory,
                List.of("-Xmx256m"),
                List.of("--spring.main.sources=" + HungryTools.class.getName()));
        HttpClient client = HttpClient.newHttpClient()) {
      var _ =
          client.sendAsync(
              HttpRequest.newBuilder(longhaul.uri("/api/v1/jobs"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"tool\":\"eat_memory\",\"arguments\":{}}"))
                  .build(),
              BodyHandlers.discarding());
      assertThat(longhaul.process().waitFor(4, TimeUnit.MINUTES)).isTrue();
      assertThat(longhaul.process().exitValue()).isEqualTo(OutOfMemory.EXIT_CODE);
      assertThat(longhaul.said()).contains("Out of memory: this process ends now");
    }
  }
}
