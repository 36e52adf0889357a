package dev.longhaul.catalog;

import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Changes over Redis pub/sub, channel {@code {lh:<namespace>}:mcp:changes}. Listeners of this
 * process hear a change before {@code publish} returns; those of others by the message {@code
 * <sender> <change>}.
 */
public final class RedisChanges implements Changes, MessageListener {
  private static final Logger log = LoggerFactory.getLogger(RedisChanges.class);

  private final ObjectProvider<StringRedisTemplate> redis;
  private final String channel;
  private final String sender = UUID.randomUUID().toString();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  public RedisChanges(ObjectProvider<StringRedisTemplate> redis, String namespace) {
    this.redis = redis;
    this.channel = "{lh:" + namespace + "}:mcp:changes";
  }

  /** Where the front doors have to listen. */
  public String channel() {
    return channel;
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
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void onMessage(Message message, byte @Nullable [] pattern) {
    String body = new String(message.getBody(), StandardCharsets.UTF_8);
    int space = body.indexOf(' ');
    if (space > 0 && !body.substring(0, space).equals(sender)) {
      ChangeCodec.change(body.substring(space + 1)).ifPresent(this::tell);
    }
  }

  private void publish(Change change) {
    tell(change);
    try {
      StringRedisTemplate template = redis.getIfAvailable();
      if (template != null) {
        TranslatedRedisTemplate.of(template)
            .convertAndSend(channel, sender + " " + ChangeCodec.text(change));
      }
    } catch (DataAccessException e) {
      // Not the author's problem: what changed has changed, and clients' caches run out.
      log.warn(
          "Other processes were not told of {}, because Redis cannot be reached; their clients"
              + " see it when they next look",
          ChangeCodec.text(change),
          e);
    }
  }

  private void tell(Change change) {
    for (Consumer<Change> listener : listeners) {
      try {
        listener.accept(change);
      } catch (RuntimeException e) {
        log.warn("A listener to {} failed; the others are told", ChangeCodec.text(change), e);
      }
    }
  }
}
