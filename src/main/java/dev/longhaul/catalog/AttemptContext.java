package dev.longhaul.catalog;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RequestContext;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.InputNeededException;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.Timing;
import dev.longhaul.tool.ToolAnswer;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The context of one attempt: what the running tool sees of its call, and how the runner stops it.
 * Safe for use by the tool's and the runner's threads.
 */
public final class AttemptContext implements CallContext {
  // basic/index, Error Codes: the client lacks a capability.
  private static final int MISSING_CAPABILITY = -32021;
  private static final int MAX_QUESTIONS = 32;

  /**
   * Receives the tool's progress, log messages, partial results and questions. Called in the tool's
   * thread; must not block for long.
   */
  public interface Sink {
    void progress(Progress progress);

    void log(JobLog log);

    /** A partial result, which replaces the previous one. */
    default void partial(Partial soFar) {}

    /**
     * Asks the client.
     *
     * @param questions all with keys and supported by the client
     * @return the answers in order, or empty if only a new request can bring them
     */
    default Optional<List<JsonNode>> ask(List<Question> questions) {
      return Optional.empty();
    }

    /** The client's connection may be released; see {@link JobContext#closeStream}. */
    default void closeStream() {}
  }

  /** Why a call must stop. */
  public enum Stop {
    CANCELLED,
    TIMED_OUT,
    /** The worker has lost the job's lease or shuts down, so it may not write its outcome. */
    LOST
  }

  private final String id;
  private final int attempt;
  private final String caller;
  private volatile Client client = Client.NONE;
  private volatile RequestContext request = RequestContext.NONE;
  private volatile RequestContext inside = RequestContext.NONE;
  private volatile Instant deadline;
  private volatile boolean job;
  private volatile boolean last;
  private volatile String tool = "";
  private volatile Duration paused = Duration.ZERO;
  private final Duration timeout;
  private final Clock clock;
  private final JsonMapper json;
  private final Sink sink;
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private final AtomicReference<@Nullable Partial> partial = new AtomicReference<>();
  private final AtomicReference<@Nullable List<Question>> needed = new AtomicReference<>();
  private final AtomicInteger unnamed = new AtomicInteger();
  private final StepTimes steps = new StepTimes(System::nanoTime);
  private double reported = -1;

  public AttemptContext(
      String id,
      int attempt,
      String caller,
      Instant deadline,
      Clock clock,
      JsonMapper json,
      Sink sink) {
    this.id = id;
    this.attempt = attempt;
    this.caller = caller;
    this.deadline = deadline;
    this.timeout = Duration.between(clock.instant(), deadline);
    this.clock = clock;
    this.json = json;
    this.sink = sink;
  }

  /** Asks the tool to stop; only the first reason counts. The caller interrupts the thread. */
  public boolean stop(Stop reason) {
    return stop.compareAndSet(null, reason);
  }

  /** Why the tool was asked to stop, if it was. */
  public Optional<Stop> stopped() {
    return Optional.ofNullable(stop.get());
  }

  /** The tool's last partial result, if it has reported one. */
  public Optional<Partial> partial() {
    return Optional.ofNullable(partial.get());
  }

  /** The tool's questions that only a new request can answer; empty if there are none. */
  public Optional<List<Question>> needed() {
    return Optional.ofNullable(needed.get());
  }

  /** How long the tool's steps have taken so far. */
  public Checkpoints checkpoints() {
    List<Checkpoints.Step> taken = steps.steps();
    return taken.isEmpty() ? Checkpoints.NONE : new Checkpoints(attempt, taken);
  }

  /** Extends the deadline by a pause. */
  public void prolong(Duration pause) {
    deadline = deadline.plus(pause);
    paused = paused.plus(pause);
  }

  /** How long it waited for answers of its client, as far as that prolonged its deadline. */
  Duration paused() {
    return paused;
  }

  /** Sets the client; called before the tool runs. */
  public AttemptContext by(Client who) {
    client = who;
    return this;
  }

  /**
   * Sets the request to which it belongs, before the tool runs.
   *
   * @param of the request
   * @param submittedInside what the tool submits in turn belongs to
   */
  public AttemptContext in(RequestContext of, RequestContext submittedInside) {
    request = of;
    inside = submittedInside;
    return this;
  }

  /** Sets the name of the tool, before it runs. */
  void running(String name) {
    tool = name;
  }

  /** Sets the trace context of the run itself, which what the tool begins belongs to. */
  void traced(Map<String, String> run) {
    client = client.withTrace(run);
    inside = inside.withTrace(run);
  }

  /** Marks it as an attempt of a stored job; otherwise the call runs inline. */
  public AttemptContext asJob() {
    job = true;
    return this;
  }

  /** Whether it is an attempt of a stored job. */
  boolean isJob() {
    return job;
  }

  @Override
  public Client client() {
    return client;
  }

  @Override
  public RequestContext request() {
    return request;
  }

  @Override
  public RequestContext inside() {
    return inside;
  }

  @Override
  public List<JsonNode> ask(List<Question> questions) {
    return ask(questions, false);
  }

  @Override
  public List<JsonNode> askAnybody(List<Question> questions) {
    return ask(questions, job);
  }

  private List<JsonNode> ask(List<Question> questions, boolean anybody) {
    if (questions.isEmpty() || questions.size() > MAX_QUESTIONS) {
      throw new IllegalArgumentException("ask 1 to " + MAX_QUESTIONS + " questions at once");
    }
    List<Question> named = questions.stream().map(this::named).toList();
    if (named.stream().map(Question::key).distinct().count() < named.size()) {
      throw new IllegalArgumentException("two questions have the same key");
    }
    if (!anybody) {
      named.forEach(this::refuseImpossible);
    }
    return sink.ask(named)
        .orElseThrow(() -> {
          needed.compareAndSet(null, named);
          return new InputNeededException();
        });
  }

  private Question named(Question question) {
    return question.key() == null ? question.named("q" + unnamed.incrementAndGet()) : question;
  }

  private void refuseImpossible(Question question) {
    ObjectNode missing = client.missingFor(question);
    if (missing != null) {
      ObjectNode data = json.createObjectNode();
      data.set("requiredCapabilities", missing);
      throw new ToolRefusedException(
          MISSING_CAPABILITY,
          "The tool needs "
              + question.method()
              + ", but the client has not declared that capability.",
          data);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String tool() {
    return tool;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public String caller() {
    return caller;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Timing timing() {
    return Timing.of(timeout, Duration.between(clock.instant(), deadline));
  }

  @Override
  public boolean cancelled() {
    return stop.get() != null || clock.instant().isAfter(deadline);
  }

  @Override
  public void last() {
    last = true;
  }

  /** Whether no other attempt may follow when this one has timed out. */
  public boolean isLast() {
    return last;
  }

  @Override
  public boolean goesOnElsewhere() {
    return stop.get() == Stop.LOST;
  }

  @Override
  public void progress(double fraction, @Nullable String message) {
    double bounded = Double.isNaN(fraction) ? 0 : Math.clamp(fraction, 0, 1);
    synchronized (this) {
      reported = Math.max(reported, bounded);
      sink.progress(new Progress(reported, message));
    }
  }

  @Override
  public void progress(double progress, @Nullable Double total, @Nullable String message) {
    if (total != null && total > 0) {
      progress(progress / total, message);
      return;
    }
    String numbers = trimmed(progress) + " done";
    synchronized (this) {
      sink.progress(
          new Progress(
              reported < 0 ? null : reported,
              message == null ? numbers : message + " (" + numbers + ")"));
    }
  }

  @Override
  public void log(String level, @Nullable String logger, JsonNode data) {
    sink.log(new JobLog(level, logger, json.writeValueAsString(data)));
  }

  @Override
  public void partial(Object value) {
    keep(value, null, null);
  }

  @Override
  public void partial(Object value, long processed, @Nullable Long total) {
    keep(value, processed, total);
  }

  private void keep(Object value, @Nullable Long processed, @Nullable Long total) {
    Object kept =
        value instanceof ToolAnswer<?> answer ? answer.partial(processed, total, timing()) : value;
    Partial soFar = new Partial(json.writeValueAsString(kept), processed, total);
    partial.set(soFar);
    sink.partial(soFar);
  }

  @Override
  public void closeStream() {
    sink.closeStream();
  }

  @Override
  public void checkpoint(String name) {
    Stop reason = stop.get();
    if (reason != null || cancelled()) {
      throw new JobStoppedException("Stopped at " + name + ": " + describe(reason));
    }
    steps.begin(name);
  }

  private static String describe(@Nullable Stop reason) {
    return switch (reason) {
      case CANCELLED -> "the call was cancelled";
      case LOST -> "this worker has no lease of the job any more";
      case TIMED_OUT -> "the attempt has timed out";
      case null -> "the attempt has timed out";
    };
  }

  private static String trimmed(double exact) {
    double number = Progress.rounded(exact);
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
