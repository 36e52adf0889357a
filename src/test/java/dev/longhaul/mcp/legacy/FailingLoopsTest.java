package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RedisChanges;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.LocalJobs;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.DeliveryChoice;
import dev.longhaul.mcp.delivery.HandOver;
import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.mcp.delivery.RepeatedCalls;
import dev.longhaul.mcp.delivery.ResultTruncation;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.stream.BatchReply;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.stream.PushStream;
import dev.longhaul.mcp.timeout.ClientNames;
import dev.longhaul.mcp.timeout.ClientTimeoutStore;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.redis.Channels;
import dev.longhaul.thread.CoarseTimer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.node.ObjectNode;

/** Every loop that sends messages to sessions continues after any failure of Redis. */
@Timeout(60)
class FailingLoopsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final JobId JOB = JobId.create(0, 0);
  private static final Caller ANN = new Caller("ann");
  private static final ResultTruncation CUT = new ResultTruncation(1_000_000);
  private static final Map<String, Supplier<Throwable>> FAILURES =
      Map.of(
          "CancellationException", () -> new CancellationException("closed"),
          "IllegalStateException", () -> new IllegalStateException("stopped"),
          "Error", () -> new StackOverflowError("deep"));

  private TestStores redis;
  private Signals signals;
  private EventLog events;
  private EventLog failingEvents;
  private PushStreams pushStreams;
  private String session;
  private Session known;
  private final List<AutoCloseable> closing = new ArrayList<>();
  private Supplier<Throwable> failure = () -> new IllegalStateException("none was chosen");

  @BeforeEach
  void begin() {
    redis = new TestStores(100);
    signals = new Signals(redis.stores.signals());
    events = redis.stores.events();
    failingEvents = redis.failing.events();
    pushStreams = redis.failing.pushStreams();
    known = redis.session();
    session = known.id();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : closing.reversed()) {
      one.close();
    }
    redis.close();
  }

  /** A loop that must continue. */
  interface Loop {
    void goesOn(FailingLoopsTest test) throws Exception;
  }

  static Stream<Arguments> everyLoopAndFailure() {
    Map<String, Loop> loops =
        Map.ofEntries(
            Map.entry("StreamPump", FailingLoopsTest::aStreamIsWritten),
            Map.entry("ProcessLease", FailingLoopsTest::aProcessSaysThatItLives),
            Map.entry("Resumption, the job's end", FailingLoopsTest::aResumedStreamGetsItsEnd),
            Map.entry("Resumption, a question", FailingLoopsTest::aResumedStreamGetsItsQuestion),
            Map.entry("Resumption, the process", FailingLoopsTest::aProcessIsFoundToBeGone),
            Map.entry("CallJournal", FailingLoopsTest::aCallIsKept),
            Map.entry("StreamReply", FailingLoopsTest::anAnswerOf20241105Arrives),
            Map.entry("SessionNotifications", FailingLoopsTest::sessionsAreToldOfChanges),
            Map.entry("ChangeNotifier", FailingLoopsTest::changesAreHeardAndTold),
            Map.entry("JobSubscriptions", FailingLoopsTest::aSubscriberHearsOfTheEnd),
            Map.entry("TaskNotifications", FailingLoopsTest::aSessionHearsOfItsTask),
            Map.entry("SessionQuestioner", FailingLoopsTest::aQuestionIsAskedAgain),
            Map.entry("ClientQuestions", FailingLoopsTest::anAnswerIsWaitedFor));
    return loops.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(loop ->
            FAILURES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one ->
                    Arguments.of(loop.getKey(), one.getKey(), loop.getValue(), one.getValue())));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("everyLoopAndFailure")
  void goesOn(String name, String kind, Loop loop, Supplier<Throwable> with) throws Exception {
    failure = with;
    loop.goesOn(this);
    assertThat(redis.works()).as("%s has met each %s", name, kind).isTrue();
  }

  private void aStreamIsWritten() throws Exception {
    StreamRef stream = pushStream();
    long owner = events.take(stream).orElseThrow().owner();
    var response = new MockHttpServletResponse();
    var pump = new StreamPump(failingEvents, stream, owner, 0, SHORT, LONG);
    events.append(stream, message("one"), false, null);
    fails(2);
    try (var keepAlive = new KeepAlive(LONG, new CoarseTimer("test"));
        var client = new PushStream(response, keepAlive)) {
      client.open(null, pump::wake);
      CompletableFuture<EventLog.State> ended = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              ended.complete(pump.run(client));
            } catch (Throwable e) {
              ended.completeExceptionally(e);
            }
          });
      soon().until(redis::works);
      events.end(stream, null);
      assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo(EventLog.State.ENDED);
    }
    assertThat(response.getContentAsString()).contains("one");
  }

  private void aProcessSaysThatItLives() {
    try (var lease = new ProcessLease(redis.failing.leases(), SHORT)) {
      String process = lease.acquire();
      fails(2);
      soon().until(redis::works);
      redis.template().delete(redis.key("holder:" + process));
      soon().until(() -> lease.isAlive(process));
    }
  }

  private void aResumedStreamGetsItsEnd() {
    StreamRef stream = callStream(Map.of("r", "7", "k", Resumption.CALL, "j", JOB.value()));
    StreamTakeover taken = events.take(stream).orElseThrow();
    fails(2);
    try (var _ = resumption(job(JobState.COMPLETED)).attach(exchange(), known, stream, taken)) {
      soon().until(() -> ended(stream, taken.owner()));
    }
    assertThat(said(stream, taken.owner())).contains("it is done");
  }

  private void aResumedStreamGetsItsQuestion() {
    StreamRef stream = callStream(Map.of("r", "7", "k", Resumption.CALL, "j", JOB.value()));
    StreamTakeover taken = events.take(stream).orElseThrow();
    fails(2);
    try (var _ =
        resumption(job(JobState.INPUT_REQUIRED)).attach(exchange(), known, stream, taken)) {
      soon().until(() -> said(stream, taken.owner()).contains("roots/list"));
    }
  }

  private void aProcessIsFoundToBeGone() {
    StreamRef stream = callStream(Map.of("r", "7", "k", Resumption.CALL, "h", "gone"));
    StreamTakeover taken = events.take(stream).orElseThrow();
    fails(2);
    try (var _ = resumption(job(JobState.RUNNING)).attach(exchange(), known, stream, taken)) {
      soon().until(() -> ended(stream, taken.owner()));
    }
    assertThat(said(stream, taken.owner())).contains("The process that ran this call is gone");
  }

  private void aCallIsKept() {
    try (var lease = new ProcessLease(redis.stores.leases())) {
      fails(1);
      assertThat(journal(lease).begin()).as("a stream that cannot be resumed").isNull();

      var journal = journal(lease);
      String first = Objects.requireNonNull(journal.begin()).id();
      StreamRef stream = StreamRef.position(session, first).orElseThrow().stream();
      fails(1);
      assertThat(journal.keep(message("lost"), false).here()).as("sent all the same").isTrue();
      assertThat(journal.keep(message("last"), true).id()).isNotNull();
      assertThat(ended(stream, 0)).isTrue();
      assertThat(said(stream, 0)).contains("last");
      fails(1);
      journal.end();
    }
  }

  private CallJournal journal(ProcessLease lease) {
    return new CallJournal(
        failingEvents, lease, signals, session, true, null, Json.tree("7"), null, Resumption.CALL);
  }

  private void anAnswerOf20241105Arrives() {
    StreamRef stream = StreamRef.next(session, StreamRef.Kind.SSE);
    events.open(stream, Map.of());
    var reply = new StreamReply(failingEvents, stream);
    fails(1);
    reply.send(message("lost"));
    reply.send(message("progress"));
    fails(2);
    reply.finish(200, message("answer"));
    assertThat(said(stream, 0)).contains("progress").contains("answer");
    assertThat(reply.gone()).isFalse();
  }

  private void sessionsAreToldOfChanges() {
    StreamRef first = pushStream();
    var notifications = notifications();
    notifications.clientConnected(first, events.take(first).orElseThrow().owner(), false);
    fails(1);
    notifications.notifyAllSessions(message("lost"), System.nanoTime());
    notifications.notifyAllSessions(message("told"), System.nanoTime());
    redis.stores.subscriptions().add(session, "test://one");
    fails(1);
    notifications.notifySubscribers("test://one", message("lost, too"), System.nanoTime());
    notifications.notifySubscribers("test://one", message("updated"), System.nanoTime());
    assertThat(said(first, 1)).contains("told").contains("updated");
  }

  private SessionNotifications notifications() {
    return new SessionNotifications(
        failingEvents, pushStreams, redis.failing.subscriptions(), LONG);
  }

  private void changesAreHeardAndTold() {
    StreamRef stream = pushStream();
    var notifications = notifications();
    notifications.clientConnected(stream, events.take(stream).orElseThrow().owner(), false);
    var changes =
        new RedisChanges(new StaticListableBeanFactory().getBeanProvider(Channels.class), session);
    var feed = new ChangeNotifier(changes, notifications);
    feed.start();
    try {
      fails(1);
      changes.tools();
      soon().until(redis::works);
      changes.prompts();
      soon().until(() -> said(stream, 1).contains("notifications/prompts/list_changed"));
    } finally {
      feed.stop();
    }
  }

  private void aSubscriberHearsOfTheEnd() {
    StreamRef stream = pushStream();
    fails(2);
    try (var updates = new JobSubscriptions(intake(job(JobState.COMPLETED)), pushStreams)) {
      updates.add(session, ANN, "longhaul://jobs/" + JOB.value());
      soon().until(() -> said(stream, 0).contains("notifications/resources/updated"));
    }
  }

  private void aSessionHearsOfItsTask() {
    StreamRef stream = pushStream();
    Intake intake = intake(job(JobState.COMPLETED));
    var view = new LegacyTaskView(intake, new PollIntervals(unused(ToolCatalogue.class), SHORT));
    fails(2);
    try (var feed = new TaskNotifications(intake, view, pushStreams)) {
      feed.follow(session, ANN, JOB);
      soon().until(() -> said(stream, 0).contains("notifications/tasks/status"));
    }
  }

  private void aQuestionIsAskedAgain() {
    StreamRef stream = pushStream();
    var questioner =
        new SessionQuestioner(
            questions(job(JobState.INPUT_REQUIRED)),
            session,
            new StreamReply(events, stream),
            null);
    List<OpenQuestion> open = List.of(new OpenQuestion("q", "roots/list", "{}"));
    fails(1);
    assertThat(questioner.ask(JOB, open)).isFalse();
    assertThat(said(stream, 0)).doesNotContain("roots/list");
    assertThat(questioner.ask(JOB, open)).isTrue();
    assertThat(said(stream, 0)).contains("roots/list");
  }

  private void anAnswerIsWaitedFor() throws Exception {
    StreamRef stream = pushStream();
    ClientQuestions questions = questions(job(JobState.RUNNING));
    String id =
        questions
            .ask(session, new StreamReply(events, stream), "roots/list", Replies.object())
            .orElseThrow();
    redis.stores.questions().answer(session, id, "{\"roots\":[]}");
    fails(2);
    assertThat(questions.await(session, id)).isPresent();
  }

  private void fails(int times) {
    redis.fails(times, failure);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(SHORT);
  }

  private StreamRef pushStream() {
    StreamRef stream = StreamRef.next(session, StreamRef.Kind.PUSH);
    events.open(stream, Map.of());
    pushStreams.opened(stream);
    return stream;
  }

  private StreamRef callStream(Map<String, String> fields) {
    StreamRef stream = StreamRef.next(session, StreamRef.Kind.CALL);
    events.open(stream, fields);
    return stream;
  }

  private boolean ended(StreamRef stream, long owner) {
    return events.read(stream, owner, 0, LONG).state() == EventLog.State.ENDED;
  }

  private String said(StreamRef stream, long owner) {
    return String.join("\n", events.read(stream, owner, 0, LONG).messages());
  }

  private static ObjectNode message(String text) {
    return Replies.notification(text, Replies.object());
  }

  private Resumption resumption(Job job) {
    Intake intake = intake(job);
    var intervals = new PollIntervals(unused(ToolCatalogue.class), SHORT);
    var heard = new Signals(redis.failing.signals());
    var lease = new ProcessLease(redis.failing.leases());
    closing.add(lease);
    OpenCalls calls = new OpenCalls(() -> LocalJobs.NONE);
    calls.start();
    closing.add(calls::stop);
    CoarseTimer timer = new CoarseTimer("test");
    closing.add(timer);
    Clock clock = Clock.systemUTC();
    var nobody = new ClientNames<Duration>(Map.of());
    ClientTimeouts timeouts =
        new ClientTimeouts(LONG, nobody, nobody, ClientTimeoutStore.NONE, clock);
    var repetitions =
        new RepeatedCalls(
            intake,
            unused(HeldCalls.class),
            new SignalledApiProcesses(heard),
            timeouts,
            new RepeatedCalls.Settings(LONG, LONG),
            timer,
            clock);
    Deliverer deliverer =
        new Deliverer(
            intake,
            new DeliveryChoice(SHORT, LONG),
            timeouts,
            repetitions,
            calls,
            new TaskView(new LegacyDialect(), CUT, intervals),
            CUT,
            new HandOver(Map.of()),
            SHORT);
    return new Resumption(
        failingEvents,
        heard,
        new InFlight(heard),
        new DetachedRequests(),
        questions(job),
        lease,
        deliverer::takeOver,
        SHORT);
  }

  private static Exchange exchange() {
    return new Exchange(ANN, _ -> null, "c1", "http://localhost", new BatchReply());
  }

  private ClientQuestions questions(Job job) {
    return new ClientQuestions(redis.failing.questions(), signals, pushStreams, intake(job), LONG);
  }

  /** An intake with one job. It calls listeners in a separate thread, as the real one does. */
  private static Intake intake(Job job) {
    return (Intake)
        Proxy.newProxyInstance(
            Intake.class.getClassLoader(),
            new Class<?>[] {Intake.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "follow" -> {
                    var follower = (Operations.Follower) arguments[2];
                    Thread thread = Thread.ofVirtual().start(() -> follower.changed(job));
                    yield (Watch) thread::interrupt;
                  }
                  case "job" -> job(JobState.RUNNING);
                  case "outcome" ->
                      new Outcome.Answered(
                          "{\"content\":[{\"type\":\"text\",\"text\":\"it is done\"}]}", false);
                  case "questions" -> List.of(new OpenQuestion("q", "roots/list", "{}"));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static <T> T unused(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private static Job job(JobState state) {
    return new Job(
        JOB,
        new JobSpec(
            "tools/call",
            null,
            "ann",
            "default",
            Priority.DEFAULT,
            LONG,
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
            Map.of()),
        state,
        Progress.NONE,
        new JobTimes(
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            state.terminal() ? Instant.EPOCH : null,
            null,
            null,
            null),
        1,
        List.of(),
        null,
        null,
        JobLinks.NONE,
        true,
        0);
  }
}
