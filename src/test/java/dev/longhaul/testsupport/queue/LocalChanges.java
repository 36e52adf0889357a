package dev.longhaul.testsupport.queue;

import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells of changes in this process only. */
final class LocalChanges implements Changes {
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void tools() {
    tell(new Change.Tools());
  }

  @Override
  public void prompts() {
    tell(new Change.Prompts());
  }

  @Override
  public void resources() {
    tell(new Change.Resources());
  }

  @Override
  public void resource(String uri) {
    tell(new Change.Resource(uri));
  }

  private void tell(Change change) {
    listeners.forEach(listener -> listener.accept(change));
  }

  @Override
  public Watch listen(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
