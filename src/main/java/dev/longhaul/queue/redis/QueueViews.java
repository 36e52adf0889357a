package dev.longhaul.queue.redis;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the reply of depths.lua about the queues. */
final class QueueViews {
  private static final int HEADER = 4;

  private QueueViews() {}

  static List<QueueView> read(List<?> flat) {
    List<QueueView> views = new ArrayList<>();
    for (int i = 0; i < flat.size(); i += HEADER + Priority.BANDS) {
      List<Long> bands = new ArrayList<>();
      for (int band = 0; band < Priority.BANDS; band++) {
        bands.add((Long) flat.get(i + HEADER + band));
      }
      views.add(
          new QueueView(
              (String) flat.get(i),
              state((String) flat.get(i + 1)),
              bands,
              (Long) flat.get(i + 2),
              Duration.ofMillis((Long) flat.get(i + 3))));
    }
    return views;
  }

  /** Adds up the views of the same queue from several shards; ordered by name. */
  static List<QueueView> merge(List<QueueView> views) {
    Map<String, QueueView> byName = new TreeMap<>();
    views.forEach(view -> byName.merge(view.name(), view, QueueViews::add));
    return List.copyOf(byName.values());
  }

  private static QueueView add(QueueView one, QueueView other) {
    List<Long> waiting = new ArrayList<>();
    for (int band = 0; band < Priority.BANDS; band++) {
      waiting.add(one.waiting().get(band) + other.waiting().get(band));
    }
    return new QueueView(
        one.name(),
        one.state() == QueueState.ACTIVE ? other.state() : one.state(),
        waiting,
        one.heldBack() + other.heldBack(),
        one.oldestWaiting().compareTo(other.oldestWaiting()) >= 0
            ? one.oldestWaiting()
            : other.oldestWaiting());
  }

  /** The stored form of a state. */
  static String stored(QueueState state) {
    return switch (state) {
      case ACTIVE -> "";
      case PAUSED -> "paused";
      case DRAINING -> "draining";
    };
  }

  private static QueueState state(String stored) {
    return switch (stored) {
      case "paused" -> QueueState.PAUSED;
      case "draining" -> QueueState.DRAINING;
      default -> QueueState.ACTIVE;
    };
  }
}
