package dev.longhaul.tool;

import java.util.function.Consumer;

/**
 * Says that what is served has changed. Inject it where a tool, a resource or a prompt of yours
 * changes: every client that asked to hear of it is told, by whichever process holds its stream.
 *
 * <pre>{@code
 * void save(Report report) {
 *   store.put(report);
 *   changes.resource("report://" + report.id());
 * }
 * }</pre>
 *
 * <p>Works in every role. A change is a hint and is not stored: a process that cannot reach Redis
 * tells its own clients only, and clients that come later read the new state anyway.
 */
public interface Changes {

  /** The list of tools has changed. */
  void tools();

  /** The list of prompts has changed. */
  void prompts();

  /** The list of resources or of resource templates has changed. */
  void resources();

  /**
   * A resource reads differently now.
   *
   * @param uri the resource, as clients name it
   */
  void resource(String uri);

  /**
   * Calls the listener at every change, here or in another front door, in the order in which this
   * process learns of them. It must not block.
   */
  Watch listen(Consumer<Change> listener);

  /** A standing wish to hear of changes; close it when no longer interested. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
