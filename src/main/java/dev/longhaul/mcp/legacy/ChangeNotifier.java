package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notifies the sessions that have a stream in this process of changes in tools, prompts and
 * resources.
 */
final class ChangeNotifier implements SmartLifecycle {
  private static final String NAME = "notifying clients of changed lists and resources";
  private static final Supervised NOTIFIED = new Supervised(NAME);

  /** How many different changes can be pending; further ones are dropped. */
  private static final int MAX_PENDING = 10_000;

  private final Changes changes;
  private final SessionNotifications notifications;
  // Equal changes that arrive before they are sent are merged.
  private final Map<Change, Long> pending = new LinkedHashMap<>();
  private final Semaphore signals = new Semaphore(0);
  private Changes.@Nullable Watch watch;
  private @Nullable Thread sender;

  ChangeNotifier(Changes changes, SessionNotifications notifications) {
    this.changes = changes;
    this.notifications = notifications;
  }

  @Override
  public synchronized void start() {
    if (sender == null) {
      sender = Threads.virtual("longhaul-mcp-changes", Supervised.forever(NAME, this::sendPending));
      watch = changes.listen(this::note);
    }
  }

  @Override
  public synchronized void stop() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (sender != null) {
      sender.interrupt();
      sender = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return sender != null;
  }

  private void note(Change change) {
    synchronized (pending) {
      if (pending.size() < MAX_PENDING) {
        pending.putIfAbsent(change, System.nanoTime());
      }
    }
    signals.release();
  }

  private void sendPending() throws InterruptedException {
    signals.acquire();
    signals.drainPermits();
    Map<Change, Long> noted;
    synchronized (pending) {
      noted = new LinkedHashMap<>(pending);
      pending.clear();
    }
    for (Map.Entry<Change, Long> one : noted.entrySet()) {
      // A failure does not stop the others.
      var _ = NOTIFIED.run(() -> send(one.getKey(), one.getValue()));
    }
  }

  private void send(Change change, long heard) {
    switch (change) {
      case Change.Tools _ -> notifications.notifyAllSessions(listChanged("tools"), heard);
      case Change.Prompts _ -> notifications.notifyAllSessions(listChanged("prompts"), heard);
      case Change.Resources _ -> notifications.notifyAllSessions(listChanged("resources"), heard);
      case Change.Resource resource ->
          notifications.notifySubscribers(
              resource.uri(),
              Replies.notification(
                  "notifications/resources/updated", Replies.object().put("uri", resource.uri())),
              heard);
    }
  }

  private static ObjectNode listChanged(String what) {
    return Replies.notification("notifications/" + what + "/list_changed", Replies.object());
  }
}
