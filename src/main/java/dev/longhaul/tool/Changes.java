package dev.longhaul.tool;

import java.util.function.Consumer;

/**
 * Reports changes of tools, resources and prompts. Inject it where yours change: every subscribed
 * client is notified, by whichever process holds its stream.
 *
 * <pre>{@code
 * void save(Report report) {
 *   store.put(report);
 *   changes.resource("report://" + report.id());
 * }
 * }</pre>
 *
 * <p>Works in every role. Changes are not stored: if Redis is not available, only clients of this
 * process are notified, and clients that connect later read the new state anyway.
 */
public interface Changes {

  /** The list of tools has changed. */
  void tools();

  /** The list of prompts has changed. */
  void prompts();

  /** The list of resources or of resource templates has changed. */
  void resources();

  /**
   * The content of a resource has changed.
   *
   * @param uri the resource's URI
   */
  void resource(String uri);

  /**
   * Calls the listener at every change in any process, in the order in which this process receives
   * them. The listener must not block.
   */
  Watch listen(Consumer<Change> listener);

  /** A registration of a listener, which ends when it is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
