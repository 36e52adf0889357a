package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling update from an older build to this one and the way back, on one Redis, under load. The
 * older build (the property {@code longhaul.layout-3-jar}, which {@code .ci/run upgrade} builds) is
 * the first one that reads and writes layout 3.
 */
class RollingUpgradeCheck {
  private static final Path OLDER = Path.of(System.getProperty("longhaul.layout-3-jar", ""));
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void nothingIsLostOrRunTwiceWhileProcessesAreReplacedOneByOneAndBackAgain() throws Exception {
    try (var installation = new Installation(directory)) {
      var tools = installation.tools();
      var calls = new Calls();
      var submissions = new Submissions(installation, calls);
      var starting = installation.starting(OLDER, "worker");
      RunningServer oldApi = installation.start(OLDER, "api");
      RunningServer oldWorker = starting.get();

      // What an older build has when the update begins, in every state.
      String dead = submissions.dead(oldApi, "ready");
      String cached = submissions.submit(oldApi, "cached", "report");
      submissions.completed(oldApi, cached);
      submissions.batch(oldApi, "old-batch");
      submissions.chain(oldApi, "old-chain");
      String session = calls.initialize(oldApi);
      String held = submissions.submit(oldApi, "write", "held", "\"held\":true");
      String keyed = submissions.submit(oldApi, "write", "keyed", "\"idempotency_key\":\"k-1\"");
      submissions.submit(oldApi, "write", "later", "\"delay_seconds\":20");
      String callback = "\"callback_url\":\"" + installation.hooks().url("/old") + "\"";
      submissions.submit(oldApi, "write", "told-old", callback);
      submissions.running(oldApi, "read", "running-read", "mixed");
      submissions.running(oldApi, "write", "running-write", "mixed");
      submissions.some(oldApi, "old-waiting");

      // The older worker runs what the newer front door stores.
      RunningServer newApi = installation.start(RunningServer.jar(), "api");
      String early = submissions.submit(newApi, "write", "early");
      submissions.some(newApi, "new-waiting");
      tools.mark("mixed");
      submissions.completed(newApi, early);
      assertThat(tools.runners("write early")).containsExactly(oldWorker.pid());

      // Processes of both builds, side by side.
      RunningServer newWorker = installation.start(RunningServer.jar(), "worker");
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(installation.announcements())
                  .hasSize(4)
                  .allMatch(one -> one.matches("\\d+ 3 3 \\S+")));
      submissions.some(oldApi, "old-mixed");
      submissions.some(newApi, "new-mixed");
      assertThat(calls.write(newApi, session, "mcp-mixed")).contains("done mcp-mixed for");
      submissions.batch(newApi, "new-batch");
      submissions.chain(newApi, "new-chain");
      callback = "\"callback_url\":\"" + installation.hooks().url("/new") + "\"";
      submissions.submit(newApi, "write", "told-new", callback);
      assertThat(submissions.submit(newApi, "write", "keyed", "\"idempotency_key\":\"k-1\""))
          .isEqualTo(keyed);
      submissions.submit(newApi, "cached", "report");
      submissions.replay(newApi, dead, "ready");

      // The older ones go while a job that may be repeated runs.
      submissions.interrupted(oldApi, "in-drain", "drained");
      oldWorker.close();
      tools.mark("drained");
      oldApi.close();
      submissions.some(newApi, "new-alone");
      submissions.release(newApi, held);
      assertThat(calls.write(newApi, session, "mcp-new")).contains("done mcp-new for");
      submissions.allCompleted(newApi);

      // Back again: what newer processes stored is finished by older ones.
      String laterDead = submissions.dead(newApi, "ready-again");
      String laterHeld = submissions.submit(newApi, "write", "held-again", "\"held\":true");
      submissions.submit(newApi, "write", "later-again", "\"delay_seconds\":20");
      String newSession = calls.initialize(newApi);
      submissions.running(newApi, "write", "back-write", "back");
      String killed = submissions.interrupted(newApi, "killed", "never in the first run");
      submissions.some(newApi, "back-waiting");
      submissions.batch(newApi, "back-batch");
      submissions.chain(newApi, "back-chain");
      starting = installation.starting(OLDER, "worker");
      RunningServer backApi = installation.start(OLDER, "api");
      starting.get();
      submissions.some(backApi, "back-mixed-old");
      submissions.some(newApi, "back-mixed-new");
      tools.mark("back");
      submissions.release(backApi, laterHeld);
      submissions.allCompletedExcept(backApi, killed);

      // The older worker goes on with what the newer one ran when it was killed.
      newWorker.kill();
      tools.mark("never in the first run");
      newApi.close();
      submissions.some(backApi, "back-alone");
      submissions.replay(backApi, laterDead, "ready-again");
      assertThat(calls.write(backApi, newSession, "mcp-back")).contains("done mcp-back for");
      submissions.allCompleted(backApi);
      assertThat(tools.runners("read killed")).hasSize(2).startsWith(newWorker.pid());
      submissions.toldOnce("/old");
      submissions.toldOnce("/new");
      assertThat(installation.agreement()).containsEntry("layout", "3");

      // Once a newer layout is written, the older build refuses to start and says why.
      installation.writtenLayout(4);
      assertThat(catchThrowable(() -> installation.start(OLDER, "worker")))
          .hasMessageContaining("has layout 4, written by a newer Longhaul");
    }
  }
}
