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

/** Tells the sessions that have a stream here of everything that changes in what is served. */
final class ChangeFeed implements SmartLifecycle {
  private static final String NAME = "telling of changes in what is served";
  private static final Supervised TOLD = new Supervised(NAME);

  /** More at once are not told apart any more: those above are left out. */
  private static final int MOST = 10_000;

  private final Changes changes;
  private final Announcements announcements;
  // Changes that come faster than they are told melt into one.
  private final Map<Change, Long> pending = new LinkedHashMap<>();
  private final Semaphore signals = new Semaphore(0);
  private Changes.@Nullable Watch watch;
  private @Nullable Thread teller;

  ChangeFeed(Changes changes, Announcements announcements) {
    this.changes = changes;
    this.announcements = announcements;
  }

  @Override
  public synchronized void start() {
    if (teller == null) {
      teller = Threads.virtual("longhaul-mcp-changes", Supervised.forever(NAME, this::tellPending));
      watch = changes.listen(this::note);
    }
  }

  @Override
  public synchronized void stop() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (teller != null) {
      teller.interrupt();
      teller = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return teller != null;
  }

  private void note(Change change) {
    synchronized (pending) {
      if (pending.size() < MOST) {
        pending.putIfAbsent(change, System.nanoTime());
      }
    }
    signals.release();
  }

  private void tellPending() throws InterruptedException {
    signals.acquire();
    signals.drainPermits();
    Map<Change, Long> noted;
    synchronized (pending) {
      noted = new LinkedHashMap<>(pending);
      pending.clear();
    }
    for (Map.Entry<Change, Long> one : noted.entrySet()) {
      // One that fails is not the end of the others.
      var _ = TOLD.run(() -> tell(one.getKey(), one.getValue()));
    }
  }

  private void tell(Change change, long heard) {
    switch (change) {
      case Change.Tools _ -> announcements.tellAll(listChanged("tools"), heard);
      case Change.Prompts _ -> announcements.tellAll(listChanged("prompts"), heard);
      case Change.Resources _ -> announcements.tellAll(listChanged("resources"), heard);
      case Change.Resource resource ->
          announcements.tellSubscribers(
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
