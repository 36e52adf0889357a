package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.UpstreamLostException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An initialised session with an upstream, in either era of the protocol. Thread-safe. */
public interface UpstreamSession extends AutoCloseable {

  /** What the upstream said of itself. */
  Facts facts();

  /**
   * Sends a request and waits for its result. Questions that the upstream asks meanwhile, and its
   * tasks, are handled inside: what returns is the final result.
   *
   * @param method tools/call, resources/read, prompts/get, completion/complete …
   * @param params the method's params; its {@code _meta} is replaced by this session's
   * @return the result as the upstream sent it, without the fields of the envelope of its era
   *     ({@code resultType})
   * @throws dev.longhaul.gateway.rpc.RpcErrorException if the upstream responded with an error
   * @throws UpstreamLostException if the connection ended; it says whether the request may have run
   * @throws InterruptedException if the thread was interrupted; the upstream has been told
   */
  ObjectNode call(String method, ObjectNode params, CallFeed feed) throws InterruptedException;

  /**
   * All pages of a list.
   *
   * @param method tools/list, resources/list, resources/templates/list or prompts/list
   * @return its entries, as the upstream sent them; empty if it does not have the capability
   */
  List<ObjectNode> list(String method) throws InterruptedException;

  /**
   * Sets which changes the session's listener hears of, instead of those set before. While there
   * are none, the session needs no thread and no connection for them.
   *
   * @param lists whether changes of the lists
   * @param resources the URIs of the resources whose changes are wanted
   */
  void follow(boolean lists, Set<String> resources) throws InterruptedException;

  /** The process of a stdio upstream; null for others. */
  default @Nullable Long pid() {
    return null;
  }

  /** Whether calls can be sent; a session that is not alive has to be replaced. */
  boolean isAlive();

  @Override
  void close();

  /**
   * What an upstream said of itself.
   *
   * @param era the era of the protocol that it speaks
   * @param version the version of the protocol
   * @param capabilities its capabilities
   * @param info its name and version
   * @param instructions its instructions, or null
   */
  record Facts(
      Era era,
      String version,
      ObjectNode capabilities,
      ObjectNode info,
      @Nullable String instructions) {}

  /** The era of the protocol. */
  enum Era {
    /** 2026-07-28 and later: without initialize. */
    MODERN,
    /** Up to 2025-11-25: with initialize. */
    LEGACY
  }
}
