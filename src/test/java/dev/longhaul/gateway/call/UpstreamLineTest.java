package dev.longhaul.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.NotBegunException;
import dev.longhaul.gateway.call.UpstreamLine.Who;
import dev.longhaul.gateway.catalog.UpstreamLinks.Phase;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.SessionListener;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The sessions of one process with one upstream. */
class UpstreamLineTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final FakeSessions sessions = new FakeSessions();
  private final AtomicLong now = new AtomicLong();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final HeldUpstreams held =
      new HeldUpstreams(
          new UpstreamLeases() {
            @Override
            public Set<String> hold(String process, Set<String> upstreams, Duration lease) {
              return upstreams;
            }

            @Override
            public void giveUp(String process, Set<String> upstreams) {}
          },
          Duration.ofHours(100),
          new HeldUpstreams.Listener() {
            @Override
            public void won(String upstream) {}

            @Override
            public void lost(String upstream) {}
          },
          now::get);

  @AfterEach
  void end() {
    gate.release(1_000);
  }

  static UpstreamConfig stdio(SessionScope scope, int instances) {
    return config(new Connection.Command(List.of("notes"), Map.of(), null), scope, instances);
  }

  static UpstreamConfig http() {
    return config(
        new Connection.Url(URI.create("http://localhost/mcp"), HttpKind.STREAMABLE, Map.of()),
        SessionScope.SHARED,
        1);
  }

  private static UpstreamConfig config(Connection connection, SessionScope scope, int instances) {
    return new UpstreamConfig(
        "notes",
        connection,
        ToolRules.ALL,
        false,
        scope,
        QuestionRule.CLIENT,
        instances,
        false,
        LIMIT);
  }

  private UpstreamLine line(UpstreamConfig config) {
    return line(config, SessionListener.NONE);
  }

  private UpstreamLine line(UpstreamConfig config, SessionListener listener) {
    held.want(Set.of("notes"));
    held.renewIfDue();
    return new UpstreamLine(
        config,
        sessions,
        held,
        listener,
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4)),
        now::get);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static Who shared() {
    return new Who("", NOTHING);
  }

  private static ObjectNode call(UpstreamLine line, Who who) throws InterruptedException {
    return line.use(who, true, session -> session.call("tools/call", NOTHING, CallFeed.NONE));
  }

  private static CompletableFuture<ObjectNode> begin(UpstreamLine line, Who who) {
    var result = new CompletableFuture<ObjectNode>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(call(line, who));
          } catch (InterruptedException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private void holdCalls() {
    sessions.code =
        (session, params, _) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          gate.acquire();
          running.decrementAndGet();
          if (!session.isAlive()) {
            throw new UpstreamLostException("it ended", true, 0, null);
          }
          return params;
        };
  }

  @Test
  void manyCallsShareOneProcess() throws Exception {
    holdCalls();
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    var calls = List.of(begin(line, shared()), begin(line, shared()), begin(line, shared()));
    await().atMost(LIMIT).until(() -> running.get() == 3);
    assertThat(line.live().inFlight()).isEqualTo(3);
    gate.release(3);
    for (var each : calls) {
      each.get(60, TimeUnit.SECONDS);
    }
    assertThat(sessions.opened).hasSize(1);
  }

  @Test
  void moreProcessesServeMoreCallsWhereThatIsConfigured() throws Exception {
    holdCalls();
    UpstreamLine line = line(stdio(SessionScope.SHARED, 2));
    var calls = List.of(begin(line, shared()), begin(line, shared()), begin(line, shared()));
    await().atMost(LIMIT).until(() -> running.get() == 3);
    assertThat(sessions.opened).hasSize(2);
    gate.release(3);
    for (var each : calls) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aProcessOfOneCallerServesOneCallAtATime() throws Exception {
    holdCalls();
    UpstreamLine line = line(stdio(SessionScope.CALLER, 1));
    var first = begin(line, new Who("ann", NOTHING));
    var second = begin(line, new Who("ann", NOTHING));
    var other = begin(line, new Who("bob", NOTHING));
    await().atMost(LIMIT).until(() -> running.get() == 2);
    assertThat(sessions.opened).hasSize(2);
    gate.release(3);
    for (var each : List.of(first, second, other)) {
      each.get(60, TimeUnit.SECONDS);
    }
    assertThat(most).hasValue(2);
    assertThat(sessions.opened).hasSize(2);
  }

  @Test
  void aCallThatWaitsForAnotherOneIsGivenBack() throws Exception {
    holdCalls();
    UpstreamLine line = line(stdio(SessionScope.CALLER, 1));
    var first = begin(line, new Who("ann", NOTHING));
    await().atMost(LIMIT).until(() -> running.get() == 1);
    var second = begin(line, new Who("ann", NOTHING));
    await()
        .atMost(LIMIT)
        .until(() -> {
          pass(Duration.ofSeconds(1));
          return second.isDone();
        });
    assertThat(second)
        .failsWithin(LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(NotBegunException.class);
    gate.release();
    first.get(60, TimeUnit.SECONDS);
  }

  @Test
  void theLeastUsedProcessMakesRoomForAnotherCaller() throws Exception {
    UpstreamLine line = line(stdio(SessionScope.CALLER, 2));
    for (String caller : List.of("ann", "bob", "ann", "zoe", "ann")) {
      pass(Duration.ofSeconds(1));
      call(line, new Who(caller, NOTHING));
    }
    assertThat(sessions.opened).hasSize(3);
    assertThat(sessions.opened.stream().map(session -> session.closed))
        .containsExactly(false, true, false);

    pass(Duration.ofMinutes(11));
    line.tidy();
    assertThat(sessions.opened).allMatch(session -> session.closed);
  }

  @Test
  void aSharedSessionOverHttpThatNobodyUsesIsClosed() throws Exception {
    UpstreamLine line = line(http());
    call(line, shared());
    pass(Duration.ofMinutes(59));
    line.tidy();
    assertThat(sessions.opened.getLast().closed).isFalse();
    pass(Duration.ofMinutes(2));
    line.tidy();
    assertThat(sessions.opened.getLast().closed).isTrue();
  }

  @Test
  void aDeadProcessIsReplacedAfterAWaitThatGrowsUntilOneLivesForLong() throws Exception {
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    call(line, shared());
    sessions.opened.getLast().alive = false;
    line.tidy();
    assertThat(line.live().phase()).isEqualTo(Phase.BACKOFF);
    assertThatThrownBy(() -> call(line, shared()))
        .isInstanceOf(UpstreamUnavailableException.class)
        .hasMessageContaining("not sent");
    pass(Duration.ofSeconds(1));
    call(line, shared());
    sessions.opened.getLast().alive = false;
    line.tidy();
    pass(Duration.ofSeconds(1));
    assertThat(line.live().phase()).isEqualTo(Phase.BACKOFF);
    pass(Duration.ofSeconds(1));
    call(line, shared());
    assertThat(line.live().restarts()).isEqualTo(2);

    pass(Duration.ofMinutes(2));
    sessions.opened.getLast().alive = false;
    call(line, shared()); // at once
    assertThat(sessions.opened).hasSize(4);
    assertThat(line.live().phase()).isEqualTo(Phase.CONNECTED);
  }

  @Test
  void anUpstreamThatCannotBeReachedFailsFastUntilItIsTriedAgain() throws Exception {
    UpstreamLine line = line(http());
    sessions.code =
        (_, _, _) -> {
          running.incrementAndGet();
          throw new UpstreamLostException("connection refused", false, 0, null);
        };
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> call(line, shared())).isInstanceOf(RuntimeException.class);
    }
    assertThat(running).hasValue(1);
    assertThat(line.live().lastError()).contains("connection refused");

    sessions.code = (_, params, _) -> params;
    pass(Duration.ofSeconds(1));
    call(line, shared());
    call(line, shared());
  }

  @Test
  void aProcessWithCallsIsReplacedOnlyWhenTheyHaveEnded() throws Exception {
    holdCalls();
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    var before = begin(line, shared());
    await().atMost(LIMIT).until(() -> running.get() == 1);
    line.reconnect();
    var after = begin(line, shared());
    gate.release(2);
    before.get(60, TimeUnit.SECONDS);
    after.get(60, TimeUnit.SECONDS);
    assertThat(sessions.opened).hasSize(2);
    assertThat(sessions.opened.getFirst().closed).isTrue();
    assertThat(most).hasValue(1);
  }

  @Test
  void aStopEndsTheProcessWithItsCalls() throws Exception {
    var inside = new CountDownLatch(1);
    sessions.code =
        (session, _, _) -> {
          inside.countDown();
          while (session.isAlive()) {
            Thread.sleep(5);
          }
          throw new UpstreamLostException("it ended", true, 0, null);
        };
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    var call = begin(line, shared());
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    line.stop(LIMIT);
    assertThat(call)
        .failsWithin(LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(UpstreamLostException.class);
  }

  @Test
  void aRemovedUpstreamTakesNoMoreCalls() throws Exception {
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    call(line, shared());
    line.remove();
    assertThat(line.isGone()).isTrue();
    assertThatThrownBy(() -> call(line, shared())).hasMessageContaining("switched off");
  }

  private void pass(UpstreamLine line, Duration time) {
    pass(time);
    line.tidy();
  }

  private static void awaitFollowed(FakeSessions.Fake session, String... uris) {
    await().atMost(LIMIT).until(() -> session.followed.equals(Set.of(uris)));
  }

  private FakeSessions.Fake opened(int number) {
    await().atMost(LIMIT).until(() -> sessions.opened.size() > number);
    return sessions.opened.get(number);
  }

  @Test
  void anUpstreamIsStartedForSubscriptionsAndStaysWhileThereAreAny() {
    UpstreamLine line = line(stdio(SessionScope.SHARED, 1));
    line.subscribe(Set.of("note://a"), false, () -> {});
    assertThat(sessions.opened).as("another process listens to its changes").isEmpty();
    line.follow(true);
    pass(line, Duration.ZERO);
    awaitFollowed(opened(0), "note://a");
    pass(line, Duration.ofHours(2));
    assertThat(opened(0).closed).isFalse();
    line.subscribe(Set.of(), false, () -> {});
    awaitFollowed(opened(0));
    pass(line, Duration.ofHours(2));
    assertThat(opened(0).closed).isTrue();
    pass(line, Duration.ofHours(2));
    assertThat(sessions.opened).hasSize(1);
  }

  @Test
  void aSessionThatHasEndedIsReplacedAndUpdatesMayHaveBeenMissed() {
    List<String> updated = new CopyOnWriteArrayList<>();
    UpstreamLine line =
        line(
            stdio(SessionScope.SHARED, 1),
            new SessionListener() {
              @Override
              public void resourceUpdated(String uri) {
                updated.add(uri);
              }
            });
    line.follow(true);
    CountDownLatch inEffect = new CountDownLatch(1);
    line.subscribe(Set.of("note://a"), false, inEffect::countDown);
    awaitFollowed(opened(0), "note://a");
    await().atMost(LIMIT).until(() -> inEffect.getCount() == 0);
    assertThat(updated).isEmpty();
    opened(0).alive = false;
    pass(line, Duration.ZERO);
    pass(line, Duration.ofMinutes(1));
    awaitFollowed(opened(1), "note://a");
    await().atMost(LIMIT).until(() -> updated.equals(List.of("note://a")));
  }

  @Test
  void whatTheUpstreamDoesNotTakeIsAskedAgainLater() {
    UpstreamLine line = line(http());
    line.follow(true);
    line.subscribe(Set.of("note://a"), false, () -> {});
    awaitFollowed(opened(0), "note://a");
    sessions.refusal = new IllegalStateException("not now");
    line.subscribe(Set.of("note://b"), false, () -> {});
    sessions.refusal = null;
    await()
        .atMost(LIMIT)
        .until(() -> {
          pass(line, Duration.ofMinutes(1));
          return opened(0).followed.equals(Set.of("note://b"));
        });
  }

  @Test
  void aCallersSessionIsNotTheOneThatListensToUpdates() throws Exception {
    UpstreamLine line = line(stdio(SessionScope.CALLER, 1));
    line.follow(true);
    var _ = line.use(new Who("ann", NOTHING), true, session -> NOTHING);
    await().atMost(LIMIT).until(() -> opened(0).followsLists);
    line.subscribe(Set.of("note://a"), false, () -> {});
    awaitFollowed(opened(1), "note://a");
    await().atMost(LIMIT).until(() -> !opened(0).followsLists);
    assertThat(opened(0).followed).isEmpty();
  }

  private static Who of(String caller) {
    return new Who(caller, NOTHING, new OnBehalf(caller, null));
  }

  private static ObjectNode answer(UpstreamLine line, Who who) throws InterruptedException {
    return line.use(who, true, _ -> NOTHING);
  }

  @Test
  void aCallerWhoIsRefusedDoesNotStopOthers() throws Exception {
    UpstreamLine line = line(http());
    for (UpstreamLostException refusal :
        List.of(
            new CallerRefusedException("no token for mallory", 400, null),
            new UpstreamLostException("status 403", false, 403, null))) {
      sessions.refusal = refusal;
      assertThatThrownBy(() -> line.use(of("mallory"), true, _ -> NOTHING)).isSameAs(refusal);
      sessions.refusal = null;
      assertThat(answer(line, of("ann"))).isSameAs(NOTHING);
      assertThatThrownBy(() ->
              line.use(
                  of("ann"),
                  true,
                  _ -> {
                    throw refusal;
                  }))
          .isSameAs(refusal);
      assertThat(answer(line, of("bob"))).isSameAs(NOTHING);
      assertThat(line.live().lastError()).isNull();
    }
  }

  @Test
  void aSessionOfOneJobIsClosedWithItsCall() throws Exception {
    UpstreamLine line = line(http());
    Who job = new Who("ann", NOTHING, new OnBehalf("ann", "a job"));
    Who other = new Who("ann", NOTHING, new OnBehalf("ann", "another job"));
    assertThat(answer(line, job)).isSameAs(NOTHING);
    assertThat(answer(line, other)).isSameAs(NOTHING);
    assertThat(sessions.opened).hasSize(2).allMatch(session -> session.closed);
  }
}
