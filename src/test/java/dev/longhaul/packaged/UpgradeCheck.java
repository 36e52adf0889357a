package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The update from an older build to this one, on one Redis: this one refuses to start while
 * processes of the older build run, then converts what they left, and everything ends; the older
 * build cannot be started any more. The older build (the property {@code longhaul.layout-1-jar},
 * which {@code .ci/run upgrade} builds) reads and writes layout 1 only.
 */
class UpgradeCheck {
  private static final Path OLDER = Path.of(System.getProperty("longhaul.layout-1-jar", ""));

  @TempDir Path directory;

  @Test
  void whatAnOlderBuildLeftIsConvertedAndEndsAndNothingRunsTwice() throws Exception {
    try (var installation = new Installation(directory)) {
      var submissions = new Submissions(installation, new Calls());
      var starting = installation.starting(OLDER, "worker");
      RunningServer oldApi = installation.start(OLDER, "api");
      RunningServer oldWorker = starting.get();

      // What an older build has when the update begins, in every state.
      String dead = submissions.dead(oldApi, "ready");
      String cached = submissions.submit(oldApi, "cached", "report");
      submissions.completed(oldApi, cached);
      String held = submissions.submit(oldApi, "write", "held", "\"held\":true");
      String keyed = submissions.submit(oldApi, "write", "keyed", "\"idempotency_key\":\"k-1\"");
      String callback = "\"callback_url\":\"" + installation.hooks().url("/old") + "\"";
      submissions.submit(oldApi, "write", "told-old", callback);
      submissions.interrupted(oldApi, "in-drain", "drained");

      // The newer build does not start beside the older one.
      assertThat(catchThrowable(() -> installation.start(RunningServer.jar(), "worker")))
          .hasMessageContaining("Stop all processes of the older version");
      assertThat(installation.agreement()).containsEntry("layout", "1");

      // The worker ends while a job runs there; what is submitted then waits for the newer one.
      oldWorker.close();
      installation.tools().mark("drained");
      submissions.submit(oldApi, "write", "later", "\"delay_seconds\":20");
      submissions.some(oldApi, "old-waiting");
      submissions.batch(oldApi, "old-batch");
      submissions.chain(oldApi, "old-chain");
      oldApi.close();

      var converting = installation.starting(RunningServer.jar(), "worker");
      RunningServer newApi = installation.start(RunningServer.jar(), "api");
      converting.get();
      assertThat(installation.agreement())
          .containsEntry("layout", "3")
          .doesNotContainKey("converting");
      submissions.some(newApi, "new");
      submissions.batch(newApi, "new-batch");
      submissions.chain(newApi, "new-chain");
      callback = "\"callback_url\":\"" + installation.hooks().url("/new") + "\"";
      submissions.submit(newApi, "write", "told-new", callback);
      assertThat(submissions.submit(newApi, "write", "keyed", "\"idempotency_key\":\"k-1\""))
          .isEqualTo(keyed);
      submissions.submit(newApi, "cached", "report");
      submissions.release(newApi, held);
      submissions.replay(newApi, dead, "ready");
      submissions.allCompleted(newApi);
      submissions.toldOnce("/old");
      submissions.toldOnce("/new");

      // The older build refuses to start and says why.
      assertThat(catchThrowable(() -> installation.start(OLDER, "worker")))
          .hasMessageContaining("has layout 3, written by a newer Longhaul");
    }
  }
}
