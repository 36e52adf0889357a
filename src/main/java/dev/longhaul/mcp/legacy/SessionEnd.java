package dev.longhaul.mcp.legacy;

/** Ends sessions, at their clients' request or with their only stream. */
final class SessionEnd {
  private final SessionStore sessions;
  private final Subscriptions subscriptions;
  private final PushStreams pushStreams;
  private final JobSubscriptions jobSubscriptions;
  private final Signals signals;

  SessionEnd(
      SessionStore sessions,
      Subscriptions subscriptions,
      PushStreams pushStreams,
      JobSubscriptions jobSubscriptions,
      Signals signals) {
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.pushStreams = pushStreams;
    this.jobSubscriptions = jobSubscriptions;
    this.signals = signals;
  }

  /**
   * Deletes everything of a session and ends its streams in all processes.
   *
   * @return whether there was such a session
   */
  boolean end(String session) {
    boolean known = sessions.end(session);
    subscriptions.end(session);
    pushStreams.end(session);
    jobSubscriptions.end(session);
    signals.publish(Signals.ended(session));
    return known;
  }
}
