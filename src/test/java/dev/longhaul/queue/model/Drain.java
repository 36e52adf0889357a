package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.model.ModelJob.Place;
import java.util.ArrayList;
import java.util.List;

/** Ends a run: all jobs end, and no keys are left over. */
final class Drain {
  private final ModelRun run;
  private final Operations operations;

  Drain(ModelRun run) {
    this.run = run;
    this.operations = new Operations(run);
  }

  void run() {
    run.did("drain");
    run.look();
    List.copyOf(run.model.paused).forEach(operations.producers::resume);
    List.copyOf(run.model.draining).forEach(operations.producers::resume);
    operations.closeBreaker();
    run.model
        .at(Place.HELD)
        .forEach(job -> check(run.jobs.release(job.id) == job.release(), "held"));
    for (int round = 0; !run.model.where(job -> job.live() || job.leased).isEmpty(); round++) {
      check(round < 1000, "the queue does not drain: %s", run.model.where(ModelJob::live));
      run.model.at(Place.SCHEDULED).forEach(operations::makeDue);
      operations.pass();
      run.model.where(job -> job.leased).forEach(operations::expire);
      operations.reap(500);
      int before = run.model.at(Place.OFFERED).size();
      check(before == 0, "%d offers survived their leases", before);
      run.step(List.of(), ModelRun.QUEUES, 50, false);
      List<Completion> ends = new ArrayList<>();
      for (ModelJob job : run.model.at(Place.OFFERED)) {
        ends.add(
            new Completion.Finished(
                job.id,
                java.util.Objects.requireNonNull(job.holder),
                new Outcome.Answered("{\"drained\":" + job.number + "}", false)));
      }
      run.step(ends, ModelRun.QUEUES, 0, false);
    }
    run.look();
    for (ModelJob job : run.model.all()) {
      operations.producers.compare(job);
    }
    // Further claims remove the tombstones of cancelled jobs.
    List<Claim> none = new ArrayList<>();
    do {
      none.clear();
      var answer = ModelRun.join(run.worker().step(List.of(), ModelRun.QUEUES, 1));
      none.addAll(answer.claims());
      check(none.isEmpty(), "something was left: %s", none);
      if (!answer.more()) {
        break;
      }
    } while (true);
    RedisView left = RedisView.read(run.redis.commands(), run.redis.tag());
    for (RedisView.Entry entry : left.all()) {
      boolean holdsIds =
          entry.name().matches("[lzh]|dz|gates|gz|q:.*:g?[0-3]|g:.*:[0-3]|g:.*:s|i:.*");
      check(!holdsIds, "%s is left with %s", entry.name(), entry.values());
    }
  }
}
