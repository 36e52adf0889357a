package dev.longhaul.intake;

import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QueueAdmin.CallerPage;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.queue.QueueAdmin.ToolUse;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists and controls the queues in the store, and those of tools that were never called. */
final class KnownQueues implements QueueControl {
  private final QueueAdmin admin;
  private final ToolCatalogue tools;

  KnownQueues(QueueAdmin admin, ToolCatalogue tools) {
    this.admin = admin;
    this.tools = tools;
  }

  @Override
  public List<QueueView> queues() {
    Map<String, QueueView> known = new TreeMap<>();
    tools.all().stream()
        .filter(tool -> !tool.policy().internal())
        .forEach(tool -> known.put(tool.policy().queue(), empty(tool.policy().queue())));
    translated(admin::queues).forEach(view -> known.put(view.name(), view));
    return List.copyOf(known.values());
  }

  @Override
  public Map<String, ToolUse> toolUse(Collection<String> names) {
    return translated(() -> admin.toolUse(names));
  }

  @Override
  public QueueView queue(String name) {
    return translated(() -> admin.queue(name))
        .or(() -> queues().stream().filter(view -> view.name().equals(name)).findFirst())
        .orElseThrow(() -> new IntakeException(new Refusal.UnknownQueue(name)));
  }

  @Override
  public CallerPage callers(String name, @Nullable String cursor, int limit) {
    queue(name);
    return translated(() -> admin.callers(name, cursor, limit));
  }

  @Override
  public QueueView pause(String name) {
    return change(name, admin::pause);
  }

  @Override
  public QueueView drain(String name) {
    return change(name, admin::drain);
  }

  @Override
  public QueueView resume(String name) {
    return change(name, admin::resume);
  }

  private QueueView change(String name, Consumer<String> how) {
    queue(name); // a mistyped name must not create a queue
    translated(() -> {
      how.accept(name);
      return name;
    });
    return queue(name);
  }

  private static QueueView empty(String name) {
    return new QueueView(
        name, QueueState.ACTIVE, Collections.nCopies(Priority.BANDS, 0L), 0, Duration.ZERO);
  }
}
