package dev.longhaul.queue.redis;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads what depths.lua says of the queues. */
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

  /** The state as it is stored. */
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
