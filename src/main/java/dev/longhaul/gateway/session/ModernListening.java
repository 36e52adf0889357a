package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Listens to changes at a modern upstream by {@code subscriptions/listen}, in a thread of its own.
 * When other changes are wanted, a second stream is opened before the first one is closed, so that
 * nothing is missed in between.
 */
final class ModernListening implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(ModernListening.class);
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final String RESOURCES = "resourceSubscriptions";
  private static final String UPDATED = "notifications/resources/updated";

  // List by the field of the filter.
  private static final Map<String, String> LISTS = new LinkedHashMap<>();

  static {
    LISTS.put("toolsListChanged", "tools/list");
    LISTS.put("promptsListChanged", "prompts/list");
    LISTS.put("resourcesListChanged", "resources/list");
  }

  private final Setup setup;
  private final Stream stream;
  private final BooleanSupplier alive;
  private @Nullable Listening present; // guarded by this object

  /** Sends the request, and returns when the upstream has ended its stream. */
  @FunctionalInterface
  interface Stream {
    void listen(ObjectNode filter, Receiver receiver) throws InterruptedException;
  }

  ModernListening(Setup setup, Stream stream, BooleanSupplier alive) {
    this.setup = setup;
    this.stream = stream;
    this.alive = alive;
  }

  /** Sets what is listened to; another stream is opened if that differs from before. */
  void set(boolean lists, Set<String> resources, ObjectNode capabilities)
      throws InterruptedException {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    if (lists) {
      LISTS.forEach((field, list) -> {
        if (Capabilities.announces(capabilities, list)) {
          wanted.put(field, true);
        }
      });
    }
    if (!resources.isEmpty() && capabilities.at("/resources/subscribe").asBoolean(false)) {
      var uris = wanted.putArray(RESOURCES);
      resources.stream().sorted().forEach(uris::add);
    }
    Listening now = replace(wanted);
    if (now != null) {
      now.awaitAnswer();
    }
  }

  private synchronized @Nullable Listening replace(ObjectNode wanted) {
    Listening before = present;
    if (before != null && before.wanted.equals(wanted) && before.thread.isAlive()) {
      return null;
    }
    if (wanted.isEmpty()) {
      stop();
      return null;
    }
    present = new Listening(wanted, before);
    return present;
  }

  synchronized void stop() {
    if (present != null) {
      present.stop();
      present = null;
    }
  }

  /** Over stdio all streams are one: what it acknowledges is the newest request. */
  @Override
  public void notification(String method, ObjectNode params) {
    Listening newest;
    synchronized (this) {
      newest = present;
    }
    if (newest != null) {
      newest.notification(method, params);
    }
  }

  /** One stream, opened again whenever it ends. */
  private final class Listening implements Receiver {
    private final ObjectNode wanted;
    private final Thread thread;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicReference<@Nullable Listening> before;
    private volatile ObjectNode filter;
    private volatile long pause = FIRST_PAUSE;
    private volatile boolean missed;

    Listening(ObjectNode wanted, @Nullable Listening before) {
      this.wanted = wanted;
      this.filter = wanted;
      this.before = new AtomicReference<>(before);
      this.thread = Threads.virtual("upstream-listen-" + name(), this::run);
    }

    /** Returns when the upstream has acknowledged or refused the request, or after a while. */
    void awaitAnswer() throws InterruptedException {
      var _ = answered.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      var _ = stopBefore();
    }

    void stop() {
      thread.interrupt();
      var _ = stopBefore();
    }

    private boolean stopBefore() {
      Listening replaced = before.getAndSet(null);
      if (replaced != null) {
        replaced.stop();
      }
      return replaced != null;
    }

    private void run() {
      try {
        while (alive.getAsBoolean()) {
          try {
            stream.listen(filter, this);
          } catch (RpcErrorException e) {
            if (!isLess()) {
              log.info("Upstream {} refuses to announce changes: {}", name(), Quoted.message(e));
              return;
            }
            log.info("Upstream {} refuses to announce updates: {}", name(), Quoted.message(e));
            continue;
          } catch (UpstreamLostException | UpstreamProtocolException e) {
            log.debug("The stream of changes of upstream {} has ended", name(), e);
          }
          // Until it is open again, changes are missed.
          missed = true;
          Thread.sleep(pause);
          pause = Math.min(LONGEST_PAUSE, 2 * pause);
        }
      } catch (InterruptedException e) {
        log.trace("Changes of upstream {} are not listened to any more", name());
      } finally {
        answered.countDown();
      }
    }

    // It may allow one stream only, or not so many resources.
    private boolean isLess() {
      if (stopBefore()) {
        missed = true;
        return true;
      }
      ObjectNode less = filter.deepCopy();
      boolean other = less.remove(RESOURCES) != null && !less.isEmpty();
      filter = less;
      return other;
    }

    @Override
    public void notification(String method, ObjectNode params) {
      switch (method) {
        case "notifications/subscriptions/acknowledged" -> acknowledged(params);
        case "notifications/tools/list_changed" -> setup.listener().changed("tools/list");
        case "notifications/prompts/list_changed" -> setup.listener().changed("prompts/list");
        case "notifications/resources/list_changed" -> setup.listener().changed("resources/list");
        case UPDATED -> setup.listener().resourceUpdated(params.path("uri").stringValue(""));
        default -> {
          // Other notifications are of no use here.
        }
      }
    }

    private void acknowledged(ObjectNode params) {
      pause = FIRST_PAUSE;
      answered.countDown();
      var _ = stopBefore();
      if (!missed) {
        return;
      }
      missed = false;
      JsonNode honoured = params.path("notifications");
      LISTS.forEach((field, list) -> {
        if (honoured.path(field).asBoolean(false)) {
          setup.listener().changed(list);
        }
      });
      honoured
          .path(RESOURCES)
          .forEach(uri -> setup.listener().resourceUpdated(uri.stringValue("")));
    }
  }

  private String name() {
    return setup.config().name();
  }
}
