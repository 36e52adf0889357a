package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.NotificationQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of ends, in memory. */
final class MemoryNotifications implements NotificationQueue {
  private final Store store;

  MemoryNotifications(Store store) {
    this.store = store;
  }

  @Override
  public void record(JobId subject, DeliveryEntry entry) {
    var _ =
        store.locked(() -> {
          store.notifications.record(subject, entry);
          return true;
        });
  }

  @Override
  public List<DeliveryEntry> log(JobId subject) {
    return store.locked(() -> store.notifications.log(subject));
  }

  @Override
  public List<JobId> again(JobId subject, @Nullable String channel) {
    return store.locked(() -> store.notifications.again(subject, channel));
  }
}
