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
   * Whether that header may be absent. One that is there must agree all the same.
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

  /** Whether it is an event stream that only waits, and so is no call in execution. */
  default boolean waitsOnly() {
    return false;
  }

  /** Answers the request on its exchange's reply, or throws what it is to be refused with. */
  void handle(ModernRequest request) throws InterruptedException;
}
