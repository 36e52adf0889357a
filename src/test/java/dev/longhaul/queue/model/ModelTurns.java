package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.model.ModelJob.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The turns of owners: those jobs of an owner that nothing holds back and that were never claimed
 * before are claimed in the order in which they were stored, and none of them waits while others
 * are served again and again.
 */
final class ModelTurns {
  /**
   * Steps that serve others of a band until an owner is served. There are three owners; jobs that
   * come back go before the ring, and an owner's turns may meet jobs that are held back.
   */
  private static final int MOST_PASSED = 60;

  /** Where jobs wait for the same turns. */
  private record Line(String queue, int priority) {}

  private record Turn(Line line, String owner) {}

  private final Map<Turn, Integer> passed = new HashMap<>();

  ModelTurns copy() {
    ModelTurns copy = new ModelTurns();
    copy.passed.putAll(passed);
    return copy;
  }

  /** Compares the claims of a step with the model, which does not have them yet. */
  void claimed(List<Claim> claims, QueueModel model) {
    Map<Turn, Integer> last = new HashMap<>();
    Set<JobId> taken = new HashSet<>();
    Set<Line> served = new HashSet<>();
    for (Claim claim : claims) {
      ModelJob job = model.get(claim.id());
      taken.add(claim.id());
      JobRequest request = job.request;
      if (request != null) {
        served.add(new Line(job.queue, request.priority().value()));
        passed.remove(turn(job, request));
      }
      if (request != null && isPlain(job)) {
        int before = last.getOrDefault(turn(job, request), -1);
        check(before < job.number, "%s was claimed after number %d of its owner", job, before);
        last.put(turn(job, request), job.number);
      }
    }
    Set<Turn> waiting = new HashSet<>();
    for (ModelJob job : model.at(Place.LINE)) {
      JobRequest request = job.request;
      if (request != null && isPlain(job) && !taken.contains(job.id)) {
        Turn turn = turn(job, request);
        waiting.add(turn);
        check(
            job.number > last.getOrDefault(turn, -1),
            "%s waits though number %d of its owner was claimed",
            job,
            last.get(turn));
      }
    }
    passed.keySet().retainAll(waiting);
    for (Turn turn : waiting) {
      if (served.contains(turn.line()) && !last.containsKey(turn)) {
        int times = passed.merge(turn, 1, Integer::sum);
        check(times < MOST_PASSED, "%s was passed %d times", turn, times);
      }
    }
  }

  private static Turn turn(ModelJob job, JobRequest request) {
    return new Turn(new Line(job.queue, request.priority().value()), request.owner());
  }

  // Nothing holds it back, and it has waited at its place since it was stored.
  private static boolean isPlain(ModelJob job) {
    @Nullable JobRequest request = job.request;
    return request != null
        && "free".equals(request.tool())
        && request.delay().isZero()
        && !request.held()
        && job.fence == 0;
  }
}
