package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Intake;
import dev.longhaul.mcp.delivery.FrontDoors;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** What the earlier revisions share over all processes, built once. */
public final class LegacyServices implements AutoCloseable {
  final Signals signals;
  final EventLog events;
  final Duration retryAfter;
  final PushStreams pushStreams;
  final Announcements announcements;
  final Subscriptions subscriptions;
  final InFlight inFlight;
  final ClientQuestions questions;
  final LegacyTasks tasks;
  final JobUpdates jobUpdates;
  final Holders holders;
  final DetachedRequests detached = new DetachedRequests();
  private final TaskFeed taskFeed;
  private final LegacyStreams streams;
  private final ChangeFeed changeFeed;

  /**
   * @param absence how long a stream without a client is still told of changes
   * @param sessionTtl how long a session outlives its last use
   * @param retryAfter how long a client is to wait before it opens a lost stream again
   * @param inputTtl how long a client may take to answer a question
   * @param taskTtl how long a task whose client names no time is promised to be known
   * @param pollIntervals how often a client is asked to poll a task
   * @param callersKnown whether callers can be told apart, so that they may list their tasks
   */
  public LegacyServices(
      LegacyStores stores,
      Intake intake,
      Changes changes,
      Duration absence,
      Duration sessionTtl,
      Duration retryAfter,
      Duration inputTtl,
      Duration taskTtl,
      PollIntervals pollIntervals,
      boolean callersKnown) {
    this.retryAfter = retryAfter;
    this.signals = new Signals(stores.signals());
    this.events = stores.events();
    this.pushStreams = stores.pushStreams();
    this.subscriptions = stores.subscriptions();
    this.announcements = new Announcements(events, pushStreams, subscriptions, absence);
    this.inFlight = new InFlight(signals);
    this.questions =
        new ClientQuestions(stores.questions(), signals, pushStreams, intake, inputTtl);
    this.jobUpdates = new JobUpdates(intake, pushStreams);
    this.holders = new Holders(stores.holders());
    LegacyTaskView view = new LegacyTaskView(intake, pollIntervals);
    this.taskFeed = new TaskFeed(intake, view, pushStreams);
    this.tasks =
        new LegacyTasks(
            intake,
            view,
            taskFeed,
            questions,
            stores.tokens(),
            new LegacyTasks.Settings(taskTtl, callersKnown));
    this.streams =
        new LegacyStreams(
            events, pushStreams, announcements, signals, detached, sessionTtl, retryAfter);
    this.changeFeed = new ChangeFeed(changes, announcements);
  }

  /** The sessions of a store, without a round trip for each request of a busy one. */
  public SessionStore sparing(SessionStore sessions) {
    return new HotSessions(sessions, signals, System::nanoTime);
  }

  /** The processes that hold calls open. */
  public FrontDoors frontDoors() {
    return new LiveFrontDoors(signals);
  }

  /** The streams that clients hold open; started and stopped by the container. */
  public LegacyStreams streams() {
    return streams;
  }

  /** Tells the streams of what changes; started and stopped by the container. */
  public SmartLifecycle changeFeed() {
    return changeFeed;
  }

  /** Stops telling of tasks and jobs. */
  @Override
  public void close() {
    taskFeed.close();
    jobUpdates.close();
    holders.close();
  }

  /** Forgets everything of a session that has ended, and ends its streams. */
  void forget(String session) {
    subscriptions.end(session);
    pushStreams.end(session);
    jobUpdates.end(session);
    signals.publish(Signals.ended(session));
  }
}
