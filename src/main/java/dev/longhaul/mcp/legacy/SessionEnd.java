package dev.longhaul.mcp.legacy;

/** Ends sessions, by their clients' wish or with their only stream. */
final class SessionEnd {
  private final SessionStore sessions;
  private final Subscriptions subscriptions;
  private final PushStreams pushStreams;
  private final JobUpdates jobUpdates;
  private final Signals signals;

  SessionEnd(
      SessionStore sessions,
      Subscriptions subscriptions,
      PushStreams pushStreams,
      JobUpdates jobUpdates,
      Signals signals) {
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.pushStreams = pushStreams;
    this.jobUpdates = jobUpdates;
    this.signals = signals;
  }

  /**
   * Forgets everything of a session, and ends its streams in all processes.
   *
   * @return whether there was such a session
   */
  boolean end(String session) {
    boolean known = sessions.end(session);
    subscriptions.end(session);
    pushStreams.end(session);
    jobUpdates.end(session);
    signals.publish(Signals.ended(session));
    return known;
  }
}
