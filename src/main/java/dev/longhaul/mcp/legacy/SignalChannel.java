package dev.longhaul.mcp.legacy;

/** Carries signals between the processes of one installation. A signal can get lost. */
public interface SignalChannel {
  /** Sends a signal to every process, including this one. */
  void publish(String signal);

  /** Subscribes to all signals, now or as soon as the channel is available. */
  void listen(Listener listener);

  /** Receives signals. */
  interface Listener {
    void heard(String signal);

    /**
     * The subscription is active, for the first time or again; signals before it may have been
     * lost.
     */
    void subscribed();
  }
}
