package dev.longhaul.catalog;

import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Publishes changes over Redis pub/sub, channel {@code {lh:<namespace>}:mcp:changes}. Listeners of
 * this process are called before {@code publish} returns; those of other processes when they
 * receive the message {@code <sender> <change>}.
 */
public final class RedisChanges implements Changes {
  private static final Logger log = LoggerFactory.getLogger(RedisChanges.class);

  private final ObjectProvider<Channels> channels;
  private final String channel;
  private final String sender = UUID.randomUUID().toString();
  private final AtomicBoolean hearing = new AtomicBoolean();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param channels absent if there is no Redis; then only this process is notified
   */
  public RedisChanges(ObjectProvider<Channels> channels, String namespace) {
    this.channels = channels;
    this.channel = new KeyTags(namespace).tag() + ":mcp:changes";
  }

  @Override
  public void tools() {
    publish(new Change.Tools());
  }

  @Override
  public void prompts() {
    publish(new Change.Prompts());
  }

  @Override
  public void resources() {
    publish(new Change.Resources());
  }

  @Override
  public void resource(String uri) {
    publish(new Change.Resource(uri));
  }

  @Override
  public Watch listen(Consumer<Change> listener) {
    if (hearing.compareAndSet(false, true)) {
      channels.ifAvailable(all -> all.hear(channel, new Others()));
    }
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Receives the changes of other processes; calls listeners in a separate thread, since they may
   * call Redis.
   */
  private final class Others implements Channels.Listener {
    @Override
    public void message(String text) {
      int space = text.indexOf(' ');
      if (space > 0 && !text.substring(0, space).equals(sender)) {
        ChangeCodec.change(text.substring(space + 1))
            .ifPresent(change -> Threads.virtual("longhaul-changes", () -> callListeners(change)));
      }
    }

    @Override
    public void subscribed() {}
  }

  private void publish(Change change) {
    callListeners(change);
    try {
      channels.ifAvailable(all -> all.publish(channel, sender + " " + ChangeCodec.text(change)));
    } catch (RedisUnavailableException e) {
      // Not thrown to the tool author: the change itself is done, and the clients' caches expire.
      log.warn(
          "Other processes were not notified of {}, because Redis is not available; their clients"
              + " see the change when their caches expire",
          ChangeCodec.text(change),
          e);
    }
  }

  private void callListeners(Change change) {
    for (Consumer<Change> listener : listeners) {
      try {
        listener.accept(change);
      } catch (RuntimeException e) {
        log.warn(
            "A listener to {} failed; the others are still called", ChangeCodec.text(change), e);
      }
    }
  }
}
