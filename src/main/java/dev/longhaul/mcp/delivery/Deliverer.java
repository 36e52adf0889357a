package dev.longhaul.mcp.delivery;

import dev.longhaul.catalog.AnswerCheck;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.Calls;
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
import dev.longhaul.mcp.patience.Patience;
import dev.longhaul.mcp.stream.Awaited;
import dev.longhaul.mcp.stream.Reply;
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

/** Carries out a delivery: runs or submits the call, waits, and answers. */
public final class Deliverer {
  private static final Duration FOREVER = Duration.ofDays(365);

  /** For how long the result of a job that has ended is read again while it cannot be read. */
  private static final Duration READ_AGAIN = Duration.ofSeconds(10);

  private static final Duration READ_PAUSE = Duration.ofMillis(100);

  private final Intake intake;
  private final DeliveryChoice choice;
  private final Patience patience;
  private final Repetitions repetitions;
  private final JobWait jobWait;
  private final TaskView tasks;
  private final ResultCut cut;
  private final HandOver handOver;
  private final Duration quiet;

  /**
   * @param patience how long calls are held open
   * @param repetitions what a repeated call joins
   * @param cut what becomes of large results
   * @param handOver what a client is told when its call goes on without it
   * @param quiet how long a held call stays silent before its event stream begins
   */
  public Deliverer(
      Intake intake,
      DeliveryChoice choice,
      Patience patience,
      Repetitions repetitions,
      OpenCalls openCalls,
      TaskView tasks,
      ResultCut cut,
      HandOver handOver,
      Duration quiet) {
    this.cut = cut;
    this.handOver = handOver;
    this.intake = intake;
    this.choice = choice;
    this.patience = patience;
    this.repetitions = repetitions;
    this.jobWait = new JobWait(intake, openCalls, quiet);
    this.tasks = tasks;
    this.quiet = quiet;
  }

  /** Serves one call of a catalogue tool from start to answer. */
  public void deliver(Call call) throws InterruptedException {
    Submission submission = call.submission();
    JobId asked = call.input().job();
    if (asked != null) {
      goOn(call, submission, asked);
      return;
    }
    try {
      ToolPolicy policy = intake.policy(submission);
      if (policy.taskSupport() == TaskSupport.REQUIRED && call.legacyClient() == null) {
        call.dialect().requireTasks(call);
      }
      Optional<Outcome> kept = call.takesKeptAnswer() ? intake.kept(submission) : Optional.empty();
      // One that is too large to be sent whole goes the way of its job, where its pages are.
      if (kept.isPresent() && cut.fits(kept.get())) {
        answer(call, ToolResults.of(kept.get()));
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
          Joined before = repetitions.join(call, submission).orElse(null);
          Job job = before != null ? before.job() : intake.submit(submission);
          Holding holding = repetitions.hold(call, submission, job.id(), before);
          asTask(call, job, task, holding, outlives(submission));
        }
        case Delivery.Held held -> {
          Joined before = repetitions.join(call, submission).orElse(null);
          Job job = before != null ? before.job() : intake.submit(submission);
          Holding holding = repetitions.hold(call, submission, job.id(), before);
          hold(call, job.id(), atMost(job, held.hold()), holding, outlives(submission));
        }
      }
    } catch (IntakeException e) {
      answer(
          call,
          ToolResults.invalid(call.tool(), e.as(Refusal.InvalidArguments.class).violations()));
    }
  }

  // Repeated without a job is a call whose tool asked inline: only there its answers are used, also
  // if the tool has become slow on average meanwhile.
  private boolean runsInline(Call call, Submission submission, ToolPolicy policy) {
    boolean goesOn = policy.execution() == Execution.AUTO && call.input().repeated();
    return goesOn || intake.execution(submission) == Execution.INLINE;
  }

  /**
   * Waits on for an operation that was handed over before. Its client leaving never cancels it.
   *
   * @param limit how long at most; never longer than its client is held
   */
  public void resume(Call call, JobId id, Duration limit) throws InterruptedException {
    Duration held = heldFor(call, null);
    hold(call, id, limit.compareTo(held) < 0 ? limit : held, Holding.NOBODY, true);
  }

  /** How long a client is advised to let a call of {@code continue_operation} wait. */
  public int waitSeconds(Call call) {
    return OperationView.waitSeconds(heldFor(call, null));
  }

  private Duration heldFor(Call call, @Nullable Duration toolHold) {
    return patience.hold(call.caller().owner(), call.client(), toolHold);
  }

  // The answers are taken first: whatever comes next, the client has given them.
  private void goOn(Call call, Submission submission, JobId id) throws InterruptedException {
    intake.answer(call.caller(), id, call.input().answers());
    Job job = intake.job(call.caller(), id);
    Duration hold = heldFor(call, intake.policy(submission).hold());
    if (choice.of(false, call.tasksDeclared(), () -> hold) instanceof Delivery.AsTask task) {
      asTask(call, job, task, Holding.NOBODY, true);
    } else {
      hold(call, id, atMost(job, hold), Holding.NOBODY, outlives(submission));
    }
  }

  /**
   * Waits for the end of a job however long it takes, and answers with what it ended with
   * (2025-11-25, tasks/result). Its client leaving or giving up cancels nothing.
   *
   * @throws RpcException 503 if this process stops meanwhile
   */
  public void untilEnd(Call call, JobId id) throws InterruptedException {
    call.reply().answers(Awaited.theEndOf(id));
    call.reply().openAfter(quiet);
    untilEnd(call, id, new ProgressFeed(call.progressToken(), call.reply()));
  }

  private void untilEnd(Call call, JobId id, ProgressFeed progress) throws InterruptedException {
    switch (jobWait.until(call, id, FOREVER, progress, Holding.NOBODY)) {
      case FINISHED -> answer(call, result(call, id));
      case TIME_OVER, SHUTTING_DOWN ->
          throw new RpcException(
              503, ErrorCode.UNAVAILABLE, "This process stops; send the request again.");
      case CLIENT_GONE, CLIENT_CANCELLED, CLIENT_TIMED_OUT, INPUT_REQUIRED, TAKEN_OVER ->
          call.reply().finishSilently();
    }
  }

  /**
   * Goes on with a call that was held elsewhere until now. The client has waited since its request,
   * and its time-out has run since then: what is left of its hold is what was left there.
   *
   * @throws RpcException 503 if this process stops, and the call was held until its job's end
   */
  public void takeOver(Call call, Resumed resumed) throws InterruptedException {
    Awaited awaited = resumed.awaited();
    JobId id = awaited.job();
    Duration limit = awaited.limit();
    if (limit == null) {
      untilEnd(call, id, resumed.progress());
      return;
    }
    String digest = awaited.digest().get();
    Holding holding =
        digest == null
            ? Holding.NOBODY
            : repetitions.takeOver(call, digest, id, awaited.joinedSince(), resumed.waited());
    WaitEnd end =
        jobWait.until(call, id, limit.minus(resumed.waited()), resumed.progress(), holding);
    Duration waited = resumed.waited();
    conclude(call, id, new Wait.Ended(end, waited), null, holding, digest == null);
    // Of what else happens on a resumed stream the client's request may know nothing.
    if (end == WaitEnd.CLIENT_CANCELLED || end == WaitEnd.CLIENT_TIMED_OUT) {
      patience.left(call.caller().owner(), call.client(), waited);
    }
  }

  private void inline(Call call, Submission submission) {
    inline(
        call,
        listener -> intake.runInline(submission, listener),
        outcome ->
            call.dialect()
                .result(written(call, () -> cut.of(outcome, () -> kept(submission, outcome)))));
  }

  private Optional<JobId> kept(Submission submission, Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
        ? intake.keep(submission, answered)
        : Optional.empty();
  }

  /**
   * Runs something here and now and answers with it; its progress reaches the client meanwhile.
   *
   * @param run runs it
   * @param result the answer for how it ended, or throws what the request is refused with
   */
  public void inline(
      Call call,
      Function<Calls.InlineListener, Inlined> run,
      Function<Outcome, ObjectNode> result) {
    Reply reply = call.reply();
    reply.openAfter(quiet);
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

  private void asTask(Call call, Job job, Delivery.AsTask task, Holding holding, boolean outlives)
      throws InterruptedException {
    // No stream is begun: the answer comes within the grace either way.
    ProgressFeed silent = new ProgressFeed(null, call.reply());
    Duration grace = atMost(job, task.grace());
    WaitEnd end = jobWait.until(call, job.id(), grace, silent, holding);
    conclude(call, job.id(), new Wait.Ended(end, Duration.ZERO), task.ttl(), holding, outlives);
  }

  /** Nobody waits for a job that will not even start while they do. */
  private static Duration atMost(Job job, Duration limit) {
    boolean later =
        job.state() == JobState.HELD
            || (job.state() == JobState.SCHEDULED
                && job.dueAt() != null
                && Duration.between(job.updatedAt(), job.dueAt()).compareTo(limit) > 0);
    return later ? Duration.ZERO : limit;
  }

  /**
   * Whether the job goes on when its client leaves. Who gives a key means to come back with it, and
   * may share the job with others, in other processes too.
   */
  private static boolean outlives(Submission submission) {
    return submission.options().idempotencyKey() != null;
  }

  private void hold(Call call, JobId id, Duration limit, Holding holding, boolean outlives)
      throws InterruptedException {
    call.reply().answers(new Awaited(id, limit, holding::digest, holding.joinedSince()));
    call.reply().openAfter(quiet);
    ProgressFeed progress = new ProgressFeed(call.progressToken(), call.reply());
    long began = System.nanoTime();
    WaitEnd end;
    try (var _ = repetitions.waits(id, call.reply())) {
      end = jobWait.until(call, id, limit, progress, holding);
    }
    Duration waited = Duration.ofNanos(System.nanoTime() - began);
    conclude(call, id, new Wait.Ended(end, waited), null, holding, outlives);
    learn(call, end, waited);
  }

  // After the answer was written: only that shows whether the client was still there.
  private void learn(Call call, WaitEnd end, Duration waited) {
    if (call.reply().takenOver()) {
      return;
    }
    String owner = call.caller().owner();
    switch (end) {
      case CLIENT_CANCELLED, CLIENT_TIMED_OUT -> patience.left(owner, call.client(), waited);
      case CLIENT_GONE -> patience.left(owner, call.client(), present(call, waited));
      case FINISHED, INPUT_REQUIRED, TIME_OVER -> {
        if (call.reply().reached()) {
          patience.answered(owner, call.client(), waited);
          if (end == WaitEnd.TIME_OVER) {
            patience.handedOver(owner, call.client(), waited);
          }
        } else {
          patience.left(owner, call.client(), present(call, waited));
        }
      }
      case SHUTTING_DOWN, TAKEN_OVER -> {}
    }
  }

  private static Duration present(Call call, Duration waited) {
    return call.reply().present().orElse(waited);
  }

  private void conclude(
      Call call,
      JobId id,
      Wait.Ended ended,
      @Nullable Duration taskTtl,
      Holding holding,
      boolean outlives) {
    boolean cancels = call.dialect().disconnectCancels();
    switch (NextStep.after(ended.end(), taskTtl != null, cancels)) {
      case RESULT -> answer(call, joined(holding, id, result(call, id)), holding);
      case QUESTIONS -> questions(call, id);
      case TASK, HAND_OVER -> {
        Job job = intake.handOver(call.caller(), id, taskTtl);
        if (job.state().terminal()) {
          answer(call, joined(holding, id, result(call, id)), holding);
        } else if (taskTtl != null) {
          // Whoever takes tasks calls again only to have another one.
          answer(call, tasks.created(job), holding);
        } else {
          holding.handedOver();
          var estimate = intake.estimatedCompletion(job);
          int seconds = waitSeconds(call);
          var open = intake.questions(call.caller(), job);
          ObjectNode written =
              handOver.of(job, estimate, open, call.baseUrl(), call.legacyClient(), seconds);
          answer(call, joined(holding, id, written));
        }
      }
      case ABANDON -> {
        if (!outlives) {
          abandon(call, id, ended, holding);
        }
        call.reply().finishSilently();
      }
      case LEAVE -> {
        holding.left();
        call.reply().finishSilently();
      }
      case NOTHING -> call.reply().finishSilently();
    }
  }

  // A client that gives up as it always does has not cancelled its work.
  private void abandon(Call call, JobId id, Wait.Ended ended, Holding holding) {
    Duration after =
        ended.end() == WaitEnd.CLIENT_GONE ? present(call, ended.after()) : ended.after();
    if (patience.gaveUp(call.caller().owner(), call.client(), after)) {
      holding.left();
    } else if (ended.end() == WaitEnd.CLIENT_GONE) {
      holding.leftForGood();
    } else {
      holding.cancelled();
      intake.abandon(call.caller(), id);
    }
  }

  private static ObjectNode joined(Holding holding, JobId id, ObjectNode result) {
    Instant since = holding.joinedSince();
    if (since != null) {
      Joined.say(result, id, since);
    }
    return result;
  }

  private ObjectNode result(Call call, JobId id) {
    Outcome outcome = outcome(call, id);
    return written(call, () -> cut.of(id, outcome));
  }

  // Whoever waited through an outage of Redis is told of the end as soon as one connection is back.
  // Another one, such as that of results, may take a moment longer.
  private Outcome outcome(Call call, JobId id) {
    long began = System.nanoTime();
    while (true) {
      try {
        return stored(call, id);
      } catch (IntakeException e) {
        e.unless(Refusal.Unavailable.class);
        if (System.nanoTime() - began >= READ_AGAIN.toNanos()
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(READ_PAUSE.toNanos());
      }
    }
  }

  private Outcome stored(Call call, JobId id) {
    Job seen = call.waiting().latest();
    return seen != null && seen.id().equals(id) && seen.state().terminal()
        ? intake.outcome(call.caller(), seen)
        : intake.outcome(call.caller(), id);
  }

  /** A refusal by the tool is written as the revision has it. */
  private static ObjectNode written(Call call, Supplier<ObjectNode> result) {
    try {
      return result.get();
    } catch (RpcException e) {
      throw new RpcException(call.dialect().httpStatus(e), call.dialect().error(e.error()));
    }
  }

  // The handle goes out inside requestState, so no disconnect cancels the job from now on.
  private void questions(Call call, JobId id) {
    intake.handOver(call.caller(), id, null);
    answer(call, call.dialect().questions(call, id, intake.questions(call.caller(), id)));
  }

  private static void answer(Call call, ObjectNode result, Holding holding) {
    answer(call, result);
    if (call.reply().takenOver()) {
      return; // it is answered elsewhere
    }
    if (call.reply().reached()) {
      holding.answered();
    } else {
      holding.left();
    }
  }

  private static void answer(Call call, ObjectNode result) {
    ObjectNode written = call.dialect().result(result);
    call.reply().finish(200, Replies.result(call.id(), written));
  }

  /** Takes what an inline tool reports to the client. */
  private record InlineFeed(Call call, ProgressFeed progress) implements Calls.InlineListener {
    @Override
    public void progress(double done, @Nullable Double total, @Nullable String message) {
      progress.report(done, total, message);
    }

    @Override
    public void log(JobLog said) {
      new LogFeed(call.client().logLevel(), call.reply()).send(said);
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
