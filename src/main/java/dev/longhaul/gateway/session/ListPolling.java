package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.thread.Threads;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the lists of an upstream now and then and tells the listener when one differs from what was
 * read before: for those whose changes the upstream does not announce.
 */
final class ListPolling {
  private static final Logger log = LoggerFactory.getLogger(ListPolling.class);
  private static final Map<String, String> ANNOUNCED_AS =
      Map.of(
          "tools/list", "tools/list",
          "resources/list", "resources/list",
          "resources/templates/list", "resources/list",
          "prompts/list", "prompts/list");

  private final Setup setup;
  private final UpstreamSession session;
  private final Predicate<String> announced;
  private final Map<String, String> digests = new ConcurrentHashMap<>();
  private @Nullable Thread thread;

  /**
   * @param announced whether changes of a list are announced at the moment
   */
  ListPolling(Setup setup, UpstreamSession session, Predicate<String> announced) {
    this.setup = setup;
    this.session = session;
    this.announced = announced;
  }

  /** Notes a list that was read. */
  void note(String method, List<ObjectNode> entries) {
    digests.put(method, digest(entries));
  }

  synchronized void start() {
    if (thread == null) {
      thread = Threads.virtual("upstream-poll-" + setup.config().name(), this::run);
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run() {
    try {
      while (session.isAlive()) {
        Thread.sleep(setup.limits().poll());
        round();
      }
    } catch (InterruptedException e) {
      log.trace("The lists of upstream {} are not polled any more", setup.config().name());
    }
  }

  /** Reads all lists that are not announced. */
  void round() throws InterruptedException {
    for (String method : ANNOUNCED_AS.keySet()) {
      if (!announced.test(method)) {
        look(method);
      }
    }
  }

  private void look(String method) throws InterruptedException {
    String before = digests.get(method);
    try {
      var _ = session.list(method);
    } catch (RpcErrorException | UpstreamLostException | UpstreamProtocolException e) {
      log.debug("{} of upstream {} could not be polled", method, setup.config().name(), e);
      return;
    }
    String now = digests.get(method);
    if (before != null && !before.equals(now)) {
      setup.listener().changed(ANNOUNCED_AS.getOrDefault(method, method));
    }
  }

  private static String digest(List<ObjectNode> entries) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ObjectNode entry : entries) {
        digest.update(entry.toString().getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
