package dev.longhaul.mcp.legacy;

/** Carries hints between the processes that serve one installation. A hint can get lost. */
public interface SignalChannel {
  /** Tells every process, this one too. */
  void publish(String signal);

  /** From now on, or as soon as it can be, this one hears every signal. */
  void listen(Listener listener);

  /** Who hears signals. */
  interface Listener {
    void heard(String signal);

    /** Signals are heard from now on, or again: some may have been lost. */
    void subscribed();
  }
}
