package dev.longhaul.mcp.modern;

import java.util.Optional;

/** One method of 2026-07-28. */
interface ModernMethod {

  String name();

  /** The field of params that the header Mcp-Name repeats; empty if the method has none. */
  default Optional<String> nameField() {
    return Optional.empty();
  }

  /**
   * Whether that header may be absent. If it is present, it must match.
   *
   * @see <a href="https://github.com/PrefectHQ/fastmcp">fastmcp-tasks 4.1, which sends none with
   *     the methods of tasks</a>
   */
  default boolean nameHeaderOptional() {
    return false;
  }

  /** Whether clients must declare the tasks extension to call it. */
  default boolean needsTasks() {
    return false;
  }

  /** Whether it only waits on an event stream, so that it does not count as a call in execution. */
  default boolean waitsOnly() {
    return false;
  }

  /** Sends the response on the exchange's reply, or throws what the request is refused with. */
  void handle(ModernRequest request) throws InterruptedException;
}
