package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.thread.Threads;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Listens to changes at a modern upstream by {@code subscriptions/listen}, in a thread of its own.
 */
final class ModernListening implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(ModernListening.class);
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;
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
  private @Nullable Thread thread;
  private ObjectNode filter = JsonNodeFactory.instance.objectNode();
  private volatile long pause = FIRST_PAUSE;
  private volatile boolean missed;

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

  /** Sets what is listened to; the stream is opened anew if that differs from before. */
  synchronized void set(boolean lists, Set<String> resources, ObjectNode capabilities) {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    if (lists) {
      LISTS.forEach((field, list) -> {
        if (Capabilities.announces(capabilities, list)) {
          wanted.put(field, true);
        }
      });
    }
    if (!resources.isEmpty() && capabilities.at("/resources/subscribe").asBoolean(false)) {
      var uris = wanted.putArray("resourceSubscriptions");
      resources.stream().sorted().forEach(uris::add);
    }
    if (wanted.equals(filter) && thread != null && thread.isAlive()) {
      return;
    }
    stop();
    filter = wanted;
    if (!wanted.isEmpty()) {
      thread = Threads.virtual("upstream-listen-" + setup.config().name(), () -> run(wanted));
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run(ObjectNode wanted) {
    try {
      while (alive.getAsBoolean()) {
        try {
          stream.listen(wanted, this);
        } catch (RpcErrorException e) {
          log.info("Upstream {} refuses to announce changes: {}", name(), Quoted.message(e));
          return;
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
    }
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
        .path("resourceSubscriptions")
        .forEach(uri -> setup.listener().resourceUpdated(uri.stringValue("")));
  }

  private String name() {
    return setup.config().name();
  }
}
