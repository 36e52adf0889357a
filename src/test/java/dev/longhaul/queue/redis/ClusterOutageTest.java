package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.testing.RedisCluster;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master of a cluster is killed and has no replica. */
@Tag("topology")
class ClusterOutageTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void whatTheLostNodeHasIsAClearErrorAndTheRestGoesOnUntilItIsBack() throws Exception {
    String namespace = TestRedis.namespace();
    // With everysec, Redis delays writes while its disk is slow, and a kill loses them.
    try (var cluster =
        RedisCluster.start(RedisServer.installed(), 3, "appendonly yes", "appendfsync always")) {
      RedisQueueFixture redis = ClusterFixture.on(cluster, namespace, 3, Duration.ofSeconds(3));
      redis.open();
      try {
        JobQueue jobs = redis.jobs(1000);
        WorkQueue work = redis.work();
        work.reap(100); // a worker that runs already, and so knows the stored layout
        Set<JobId> before = new HashSet<>();
        for (int i = 0; i < 6; i++) {
          before.addAll(jobs.enqueue(List.of(Requests.repeatable())));
        }
        RedisServer lost = cluster.masterOf(new KeyTags(namespace).tag(0));
        Set<Integer> gone = new HashSet<>();
        for (int shard = 0; shard < 3; shard++) {
          if (cluster.masterOf(new KeyTags(namespace).tag(shard)).equals(lost)) {
            gone.add(shard);
          }
        }
        lost.kill();

        for (JobId id : oneOfEachShard(before)) {
          if (gone.contains(id.shard())) {
            assertThatThrownBy(() -> jobs.find(id)).isInstanceOf(QueueUnavailableException.class);
          } else {
            assertThat(jobs.find(id)).isPresent();
          }
        }
        Set<JobId> claimed = new HashSet<>();
        if (gone.size() < 3) {
          // A call during the failure of the node fails; later ones go to other nodes.
          for (int i = 0; i < 12; i++) {
            JobId id = jobs.enqueue(List.of(Requests.repeatable())).getFirst();
            assertThat(gone).doesNotContain(id.shard());
            assertThat(jobs.delete(id, true)).isEqualTo(JobQueue.DeleteAnswer.DELETED);
          }
          claimed.addAll(claimAll(work, 6 - 2 * gone.size()));
          assertThat(claimed).allSatisfy(id -> assertThat(gone).doesNotContain(id.shard()));
        }
        WorkQueue.Waiter waiter = work.newWaiter();

        lost.restart();
        await()
            .atMost(LIMIT)
            .ignoreExceptions()
            .untilAsserted(() -> {
              // Takes back jobs that were claimed when the node failed. Reaps that are more than
              // half a lease apart take nothing back, so the claims in between wait for less.
              work.reap(100);
              var answer =
                  waiter
                      .claimWhenReady(List.of("default"), 6, Duration.ofSeconds(1))
                      .get(60, TimeUnit.SECONDS);
              answer.claims().stream().map(Claim::id).forEach(claimed::add);
              assertThat(claimed).as(() -> states(jobs, before)).isEqualTo(before);
            });
      } finally {
        redis.close();
      }
    }
  }

  private static String states(JobQueue jobs, Set<JobId> ids) {
    return ids.stream()
        .map(id -> jobs.find(id).map(Object::toString).orElse(id + " is not there"))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static Collection<JobId> oneOfEachShard(Set<JobId> ids) {
    Map<Integer, JobId> byShard = new HashMap<>();
    ids.forEach(id -> byShard.put(id.shard(), id));
    return byShard.values();
  }

  private static Set<JobId> claimAll(WorkQueue work, int count) {
    Set<JobId> claimed = new HashSet<>();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> {
          work.step(List.of(), List.of("default"), 6).get(60, TimeUnit.SECONDS).claims().stream()
              .map(Claim::id)
              .forEach(claimed::add);
          return claimed.size() == count;
        });
    return claimed;
  }
}
