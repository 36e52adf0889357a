package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.ModelRun.join;
import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import dev.longhaul.queue.WorkQueue.RenewAnswer;
import dev.longhaul.queue.model.ModelJob.Renewal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Concurrent calls: several on one job, or claims of several workers. */
final class Races {
  private final ModelRun run;
  private final Operations operations;

  Races(ModelRun run, Operations operations) {
    this.run = run;
    this.operations = operations;
  }

  /** Two to four processes call on the same job at once. */
  void onOneJob() {
    Claim claim = run.anyClaim();
    if (claim == null) {
      return;
    }
    ModelJob job = run.model.get(claim.id());
    List<Race.Call> calls = new ArrayList<>();
    if (job.leased
        && run.chance(0.4)
        && run.model.where(other -> other.expired || other.overdue).isEmpty()) {
      operations.expire(job);
      calls.add(reap());
    }
    int count = 2 + run.random.nextInt(2);
    while (calls.size() < count) {
      calls.add(call(claim));
    }
    run.did("race", job, calls.stream().map(Race.Call::name).toList());
    List<ModelJob> possible = run.race.run(job, calls);
    // Several orders may explain the answers; the content of Redis shows which one it was.
    AssertionError last = null;
    for (ModelJob candidate : possible) {
      job.become(candidate);
      try {
        if (possible.size() > 1) {
          run.look();
        }
        operations.producers.compare(job);
        return;
      } catch (AssertionError e) {
        last = e;
      }
    }
    throw new AssertionError("after a race: " + last, last);
  }

  private Race.Call call(Claim claim) {
    JobId id = claim.id();
    WorkQueue worker = run.worker();
    return switch (run.random.nextInt(9)) {
      case 0 -> new Race.Call("cancel", () -> run.jobs.cancel(id), ModelJob::cancel);
      case 1 -> new Race.Call("delete", () -> run.jobs.delete(id, true), job -> job.delete(true));
      case 2 ->
          new Race.Call(
              "start",
              () -> !join(worker.start(List.of(claim))).isEmpty(),
              job -> job.start(claim.token()));
      case 3 ->
          new Race.Call(
              "renew",
              () -> renewal(worker.renew(Map.of(id, claim.token()))),
              job -> job.renew(claim.token()));
      case 4 -> {
        Partial partial = new Partial("[" + run.random.nextInt() + "]", null, null);
        yield new Race.Call(
            "attach",
            () -> join(worker.attachPartial(id, claim.token(), partial)),
            job -> job.attach(claim.token(), partial));
      }
      default -> {
        Completion completion = operations.completion(claim);
        yield new Race.Call(
            completion.getClass().getSimpleName(),
            () -> join(worker.step(List.of(completion), ModelRun.QUEUES, 0)).accepted().getFirst(),
            job -> job.complete(completion));
      }
    };
  }

  private Race.Call reap() {
    WorkQueue worker = run.worker();
    return new Race.Call(
        "reap",
        () -> {
          ReapAnswer answer = worker.reap(200);
          return !answer.requeued().isEmpty()
              ? ModelJob.Reaped.REQUEUED
              : !answer.ended().isEmpty() ? ModelJob.Reaped.ENDED : ModelJob.Reaped.NOTHING;
        },
        job -> job.expired ? job.reap() : ModelJob.Reaped.NOTHING);
  }

  private static Renewal renewal(RenewAnswer answer) {
    return !answer.lost().isEmpty()
        ? Renewal.LOST
        : !answer.cancelled().isEmpty() ? Renewal.CANCELLED : Renewal.PROLONGED;
  }

  /** Two workers claim at once: each job goes to one of them. */
  void forClaims() {
    int wanted = 1 + run.random.nextInt(4);
    run.did("claim race", wanted);
    run.model.promote();
    int most = Math.min(2 * wanted, run.model.claimable(ModelRun.QUEUES));
    int least = Math.min(2 * wanted, run.model.unlimited(ModelRun.QUEUES));
    var mine = run.workers.get(0).step(List.of(), ModelRun.QUEUES, wanted);
    var theirs = run.workers.get(1).step(List.of(), ModelRun.QUEUES, wanted);
    List<Claim> all = new ArrayList<>(join(mine).claims());
    all.addAll(join(theirs).claims());
    Set<JobId> ids = new HashSet<>();
    all.forEach(claim -> check(ids.add(claim.id()), "two workers claimed %s", claim.id()));
    check(
        all.size() >= least && all.size() <= most,
        "two workers claimed %d, but it should be %d to %d",
        all.size(),
        least,
        most);
    run.model.claimed(all, ModelRun.QUEUES);
    all.forEach(run::keep);
  }
}
