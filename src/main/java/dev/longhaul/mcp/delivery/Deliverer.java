package dev.longhaul.mcp.delivery;

import dev.longhaul.catalog.AnswerCheck;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.CallIntake;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.stream.AwaitedJob;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.TaskSupport;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs or submits a call, waits for its result as the chosen delivery says, and sends the response.
 */
public final class Deliverer {
  private static final Duration FOREVER = Duration.ofDays(365);

  /** How long reading the result of an ended job is retried while the store is unavailable. */
  private static final Duration READ_RETRY_LIMIT = Duration.ofSeconds(10);

  private static final Duration READ_RETRY_DELAY = Duration.ofMillis(100);

  private final Intake intake;
  private final DeliveryChoice choice;
  private final ClientTimeouts timeouts;
  private final RepeatedCalls repeatedCalls;
  private final JobWait jobWait;
  private final TaskView tasks;
  private final ResultTruncation truncation;
  private final HandOver handOver;
  private final Duration streamDelay;

  /**
   * @param timeouts how long calls are held open
   * @param repeatedCalls finds the job that a repeated call joins
   * @param truncation how large results are shortened
   * @param handOver writes the response to a call whose job continues in the background
   * @param streamDelay how long a held call stays silent before its event stream begins
   */
  public Deliverer(
      Intake intake,
      DeliveryChoice choice,
      ClientTimeouts timeouts,
      RepeatedCalls repeatedCalls,
      OpenCalls openCalls,
      TaskView tasks,
      ResultTruncation truncation,
      HandOver handOver,
      Duration streamDelay) {
    this.truncation = truncation;
    this.handOver = handOver;
    this.intake = intake;
    this.choice = choice;
    this.timeouts = timeouts;
    this.repeatedCalls = repeatedCalls;
    this.jobWait = new JobWait(intake, openCalls, streamDelay);
    this.tasks = tasks;
    this.streamDelay = streamDelay;
  }

  /** Serves one call of a catalogue tool from start to response. */
  public void deliver(Call call) throws InterruptedException {
    Submission submission = call.submission();
    JobId asked = call.input().job();
    if (asked != null) {
      continueJob(call, submission, asked);
      return;
    }
    try {
      ToolPolicy policy = intake.policy(submission);
      if (policy.taskSupport() == TaskSupport.REQUIRED && call.sender().legacyClient() == null) {
        call.dialect().requireTasks(call);
      }
      Optional<Outcome> cached =
          call.mayUseCachedResult() ? intake.cached(submission) : Optional.empty();
      // A result too large for one response is read in pages from its job.
      if (cached.isPresent() && truncation.fits(cached.get())) {
        answer(call, ToolResults.of(cached.get()));
        return;
      }
      Delivery delivery =
          choice.of(
              runsInline(call, submission, policy),
              call.tasksDeclared() && policy.taskSupport() != TaskSupport.FORBIDDEN,
              () -> heldFor(call, policy.hold()));
      switch (delivery) {
        case Delivery.Inline _ -> inline(call, submission);
        case Delivery.AsTask task -> {
          Submitted submitted = submit(call, submission);
          asTask(call, submitted.job(), task, submitted.tracker(), outlives(submission));
        }
        case Delivery.Held held -> {
          Submitted submitted = submit(call, submission);
          Job job = submitted.job();
          hold(call, job.id(), atMost(job, held.hold()), submitted.tracker(), outlives(submission));
        }
      }
    } catch (IntakeException e) {
      answer(
          call,
          ToolResults.invalid(call.tool(), e.as(Refusal.InvalidArguments.class).violations()));
    }
  }

  private record Submitted(Job job, CallTracker tracker) {}

  private Submitted submit(Call call, Submission submission) {
    if (!RepeatedCalls.mayJoin(submission)) {
      return tracked(call, submission, intake.submit(submission, true), null);
    }
    // Mostly there is no equal call, so that is tried first.
    Optional<Job> fresh;
    try {
      fresh = intake.submitUnlessHeld(submission);
    } catch (IntakeException e) {
      // A job that runs already may be joined all the same.
      return joined(call, submission).orElseThrow(() -> e);
    }
    return fresh
        .map(job -> tracked(call, submission, job, null))
        .or(() -> joined(call, submission))
        .orElseGet(() -> tracked(call, submission, intake.submit(submission, true), null));
  }

  private Optional<Submitted> joined(Call call, Submission submission) {
    return repeatedCalls
        .join(call, submission)
        .map(joined -> tracked(call, submission, joined.job(), joined));
  }

  private Submitted tracked(Call call, Submission submission, Job job, @Nullable Joined joined) {
    return new Submitted(job, repeatedCalls.hold(call, submission, job.id(), joined));
  }

  // A request repeated with answers but without a job belongs to an inline tool. The answers are
  // usable inline only, so it runs inline even if AUTO would queue the tool by now.
  private boolean runsInline(Call call, Submission submission, ToolPolicy policy) {
    boolean repeatedWithAnswers = policy.execution() == Execution.AUTO && call.input().repeated();
    return repeatedWithAnswers || intake.execution(submission) == Execution.INLINE;
  }

  /**
   * Continues to wait for an operation that was handed over before. A disconnect of its client does
   * not cancel it.
   *
   * @param limit the longest wait; the client's own hold is the upper bound
   */
  public void resume(Call call, JobId id, Duration limit) throws InterruptedException {
    Duration held = heldFor(call, null);
    hold(call, id, limit.compareTo(held) < 0 ? limit : held, CallTracker.NONE, true);
  }

  /** The {@code wait_seconds} that the client is advised to pass to {@code continue_operation}. */
  public int waitSeconds(Call call) {
    return OperationView.waitSeconds(heldFor(call, null));
  }

  private Duration heldFor(Call call, @Nullable Duration toolHold) {
    return timeouts.hold(call.caller().owner(), call.sender().client(), toolHold);
  }

  // The answers are stored first, so that no later failure loses them.
  private void continueJob(Call call, Submission submission, JobId id) throws InterruptedException {
    intake.answer(call.caller(), id, call.input().answers());
    Job job = intake.job(call.caller(), id);
    Duration hold = heldFor(call, intake.policy(submission).hold());
    if (choice.of(false, call.tasksDeclared(), () -> hold) instanceof Delivery.AsTask task) {
      asTask(call, job, task, CallTracker.NONE, true);
    } else {
      hold(call, id, atMost(job, hold), CallTracker.NONE, outlives(submission));
    }
  }

  /**
   * Waits for the end of a job without a limit and responds with its outcome (2025-11-25,
   * tasks/result). A disconnect or cancellation by the client does not cancel the job.
   *
   * @throws RpcException 503 if this process stops meanwhile
   */
  public void untilEnd(Call call, JobId id) throws InterruptedException {
    call.reply().answers(AwaitedJob.theEndOf(id));
    call.reply().openAfter(streamDelay);
    untilEnd(call, id, new ProgressFeed(call.progressToken(), call.reply()));
  }

  private void untilEnd(Call call, JobId id, ProgressFeed progress) throws InterruptedException {
    switch (jobWait.until(call, id, FOREVER, progress, CallTracker.NONE)) {
      case FINISHED -> answer(call, result(call, id));
      case TIME_OVER, SHUTTING_DOWN ->
          throw new RpcException(
              503, ErrorCode.UNAVAILABLE, "This process stops; send the request again.");
      case CLIENT_GONE, CLIENT_CANCELLED, CLIENT_TIMED_OUT, INPUT_REQUIRED, TAKEN_OVER ->
          call.reply().finishSilently();
    }
  }

  /**
   * Continues a call that was held by another request or process. The client's time-out has been
   * running since its request, so only the rest of the hold remains.
   *
   * @throws RpcException 503 if this process stops and the call was to be held until its job ends
   */
  public void takeOver(Call call, ResumedCall resumed) throws InterruptedException {
    AwaitedJob awaited = resumed.awaited();
    JobId id = awaited.job();
    Duration limit = awaited.limit();
    if (limit == null) {
      untilEnd(call, id, resumed.progress());
      return;
    }
    String digest = awaited.digest().get();
    CallTracker tracker =
        digest == null
            ? CallTracker.NONE
            : repeatedCalls.takeOver(call, digest, id, awaited.joinedSince(), resumed.waited());
    WaitEnd end =
        jobWait.until(call, id, limit.minus(resumed.waited()), resumed.progress(), tracker);
    Duration waited = resumed.waited();
    respond(call, id, new Wait.Ended(end, waited), null, tracker, digest == null);
    // Other endings of a resumed stream say nothing about how long the client's request waited.
    if (end == WaitEnd.CLIENT_CANCELLED || end == WaitEnd.CLIENT_TIMED_OUT) {
      timeouts.left(call.caller().owner(), call.sender().client(), waited);
    }
  }

  private void inline(Call call, Submission submission) {
    inline(
        call,
        listener -> intake.runInline(submission, listener),
        outcome ->
            call.dialect()
                .result(
                    written(call, () -> truncation.of(outcome, () -> kept(submission, outcome)))));
  }

  private Optional<JobId> kept(Submission submission, Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
        ? intake.keep(submission, answered)
        : Optional.empty();
  }

  /**
   * Runs a call in this thread, sends its progress to the client meanwhile, and responds with its
   * result.
   *
   * @param run runs it
   * @param result the result for an outcome; may throw an {@link RpcException} instead
   */
  public void inline(
      Call call,
      Function<CallIntake.InlineListener, Inlined> run,
      Function<Outcome, ObjectNode> result) {
    Reply reply = call.reply();
    reply.openAfter(streamDelay);
    ProgressFeed progress = new ProgressFeed(call.progressToken(), reply);
    Inlined end = run.apply(new InlineFeed(call, progress));
    WaitEnd stopped = call.waiting().stopped();
    if (stopped == WaitEnd.CLIENT_CANCELLED || stopped == WaitEnd.CLIENT_TIMED_OUT) {
      reply.finishSilently();
      return;
    }
    switch (end) {
      case Inlined.Ended ended ->
          reply.finish(200, Replies.result(call.id(), result.apply(ended.outcome())));
      case Inlined.Asks asks -> answer(call, call.dialect().questions(call, asks.questions()));
    }
  }

  private void asTask(
      Call call, Job job, Delivery.AsTask task, CallTracker tracker, boolean outlives)
      throws InterruptedException {
    // No progress token and so no stream: the response follows within the grace period.
    ProgressFeed silent = new ProgressFeed(null, call.reply());
    Duration grace = atMost(job, task.grace());
    WaitEnd end = jobWait.until(call, job.id(), grace, silent, tracker);
    respond(call, job.id(), new Wait.Ended(end, Duration.ZERO), task.ttl(), tracker, outlives);
  }

  /** Zero for a job that cannot start within the limit: waiting for it would be useless. */
  private static Duration atMost(Job job, Duration limit) {
    boolean later =
        job.state() == JobState.HELD
            || (job.state() == JobState.SCHEDULED
                && job.times().dueAt() != null
                && Duration.between(job.times().updatedAt(), job.times().dueAt()).compareTo(limit)
                    > 0);
    return later ? Duration.ZERO : limit;
  }

  /**
   * Whether the job continues when its client disconnects. A caller with an idempotency key can ask
   * for the job again, and others may share it.
   */
  private static boolean outlives(Submission submission) {
    return submission.options().idempotencyKey() != null;
  }

  private void hold(Call call, JobId id, Duration limit, CallTracker tracker, boolean outlives)
      throws InterruptedException {
    call.reply().answers(new AwaitedJob(id, limit, tracker::digest, tracker.joinedSince()));
    call.reply().openAfter(streamDelay);
    ProgressFeed progress = new ProgressFeed(call.progressToken(), call.reply());
    long began = System.nanoTime();
    WaitEnd end;
    try (var _ = repeatedCalls.registerReply(id, call.reply())) {
      end = jobWait.until(call, id, limit, progress, tracker);
    }
    Duration waited = Duration.ofNanos(System.nanoTime() - began);
    respond(call, id, new Wait.Ended(end, waited), null, tracker, outlives);
    learn(call, end, waited);
  }

  // After the response was written: only the write shows whether the client was still connected.
  private void learn(Call call, WaitEnd end, Duration waited) {
    if (call.reply().takenOver()) {
      return;
    }
    String owner = call.caller().owner();
    switch (end) {
      case CLIENT_CANCELLED, CLIENT_TIMED_OUT ->
          timeouts.left(owner, call.sender().client(), waited);
      case CLIENT_GONE -> timeouts.left(owner, call.sender().client(), present(call, waited));
      case FINISHED, INPUT_REQUIRED, TIME_OVER -> {
        if (call.reply().reached()) {
          timeouts.answered(owner, call.sender().client(), waited);
          if (end == WaitEnd.TIME_OVER) {
            timeouts.handedOver(owner, call.sender().client(), waited);
          }
        } else {
          timeouts.left(owner, call.sender().client(), present(call, waited));
        }
      }
      case SHUTTING_DOWN, TAKEN_OVER -> {}
    }
  }

  private static Duration present(Call call, Duration waited) {
    return call.reply().present().orElse(waited);
  }

  private void respond(
      Call call,
      JobId id,
      Wait.Ended ended,
      @Nullable Duration taskTtl,
      CallTracker tracker,
      boolean outlives) {
    boolean cancels = call.dialect().disconnectCancels();
    switch (NextStep.after(ended.end(), taskTtl != null, cancels)) {
      case RESULT -> answer(call, withJoinNotice(tracker, id, result(call, id)), tracker);
      case QUESTIONS -> questions(call, id);
      case TASK, HAND_OVER -> {
        Job job = intake.handOver(call.caller(), id, taskTtl);
        if (job.state().terminal()) {
          answer(call, withJoinNotice(tracker, id, result(call, id)), tracker);
        } else if (taskTtl != null) {
          // A client with tasks polls the task; a repeated call of it is meant as a new one.
          answer(call, tasks.created(job), tracker);
        } else {
          tracker.handedOver();
          var estimate = intake.estimatedCompletion(job);
          int seconds = waitSeconds(call);
          var open = intake.questions(call.caller(), job);
          ObjectNode written =
              handOver.of(
                  job,
                  estimate,
                  open,
                  call.sender().baseUrl(),
                  call.sender().legacyClient(),
                  seconds);
          answer(call, withJoinNotice(tracker, id, written));
        }
      }
      case ABANDON -> {
        if (!outlives) {
          abandon(call, id, ended, tracker);
        }
        call.reply().finishSilently();
      }
      case LEAVE -> {
        tracker.clientLeft();
        call.reply().finishSilently();
      }
      case NOTHING -> call.reply().finishSilently();
    }
  }

  // A client that disconnects at its usual time-out has not cancelled the job.
  private void abandon(Call call, JobId id, Wait.Ended ended, CallTracker tracker) {
    Duration after =
        ended.end() == WaitEnd.CLIENT_GONE ? present(call, ended.after()) : ended.after();
    if (timeouts.gaveUp(call.caller().owner(), call.sender().client(), after)) {
      tracker.clientLeft();
    } else if (ended.end() == WaitEnd.CLIENT_GONE) {
      tracker.clientDisconnected();
    } else {
      tracker.cancelled();
      intake.abandon(call.caller(), id);
    }
  }

  private static ObjectNode withJoinNotice(CallTracker tracker, JobId id, ObjectNode result) {
    Instant since = tracker.joinedSince();
    if (since != null) {
      Joined.addNotice(result, id, since);
    }
    return result;
  }

  private ObjectNode result(Call call, JobId id) {
    Outcome outcome = outcome(call, id);
    return written(call, () -> truncation.of(id, outcome));
  }

  // After an outage of Redis the notification of the job's end can arrive before the connection
  // that reads results is back.
  private Outcome outcome(Call call, JobId id) {
    long began = System.nanoTime();
    while (true) {
      try {
        return stored(call, id);
      } catch (IntakeException e) {
        e.unless(Refusal.Unavailable.class);
        if (System.nanoTime() - began >= READ_RETRY_LIMIT.toNanos()
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(READ_RETRY_DELAY.toNanos());
      }
    }
  }

  private Outcome stored(Call call, JobId id) {
    Job seen = call.waiting().latest();
    Outcome told = call.waiting().outcome();
    if (told != null && seen != null && seen.id().equals(id)) {
      return told;
    }
    return seen != null && seen.id().equals(id) && seen.state().terminal()
        ? intake.outcome(call.caller(), seen)
        : intake.outcome(call.caller(), id);
  }

  /** Converts an error to the code and status of the call's revision. */
  private static ObjectNode written(Call call, Supplier<ObjectNode> result) {
    try {
      return result.get();
    } catch (RpcException e) {
      throw new RpcException(call.dialect().httpStatus(e), call.dialect().error(e.error()));
    }
  }

  // requestState carries the job's id, so from now on a disconnect does not cancel the job.
  private void questions(Call call, JobId id) {
    intake.handOver(call.caller(), id, null);
    answer(call, call.dialect().questions(call, id, intake.questions(call.caller(), id)));
  }

  private static void answer(Call call, ObjectNode result, CallTracker tracker) {
    answer(call, result);
    if (call.reply().takenOver()) {
      return; // the response is sent on another connection
    }
    if (call.reply().reached()) {
      tracker.responseDelivered();
    } else {
      tracker.clientLeft();
    }
  }

  private static void answer(Call call, ObjectNode result) {
    ObjectNode written = call.dialect().result(result);
    call.reply().finish(200, Replies.result(call.id(), written));
  }

  /** Sends to the client what an inline tool reports. */
  private record InlineFeed(Call call, ProgressFeed progress) implements CallIntake.InlineListener {
    @Override
    public void progress(double done, @Nullable Double total, @Nullable String message) {
      progress.report(done, total, message);
    }

    @Override
    public void log(JobLog said) {
      new LogFeed(call.sender().client().logLevel(), call.reply()).send(said);
    }

    @Override
    public Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
      if (call.questioner() != null) {
        return Optional.of(call.questioner().ask(questions));
      }
      List<JsonNode> answers = new ArrayList<>();
      for (Question question : questions) {
        JsonNode answer = call.input().answers().get(String.valueOf(question.key()));
        if (answer != null) {
          AnswerCheck.problem(question.method(), question.params(), answer)
              .ifPresent(problem -> {
                throw new ToolRefusedException(
                    ErrorCode.INVALID_PARAMS,
                    "The answer to " + question.key() + " cannot be taken: " + problem + ".");
              });
          answers.add(answer);
        }
      }
      if (answers.size() < questions.size()) {
        return Optional.empty();
      }
      if (!repeatable && !call.input().firstUse().getAsBoolean()) {
        throw new ToolRefusedException(
            ErrorCode.INVALID_PARAMS,
            "params.requestState was used before, and this tool may not run twice with it.");
      }
      return Optional.of(answers);
    }

    @Override
    public void closeStream() {
      call.reply().release();
    }

    @Override
    public boolean cancelled() {
      boolean gone = call.reply().gone() && call.dialect().disconnectCancels();
      WaitEnd stopped = call.waiting().stopped();
      return gone || stopped == WaitEnd.CLIENT_CANCELLED || stopped == WaitEnd.CLIENT_TIMED_OUT;
    }
  }
}
