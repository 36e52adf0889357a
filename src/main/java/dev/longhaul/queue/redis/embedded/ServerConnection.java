package dev.longhaul.queue.redis.embedded;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a few commands to the embedded server, independent of the application's Redis client.
 * Connects with the first command, and again after a failed one.
 */
final class ServerConnection implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> open;

  ServerConnection(int port, String password) {
    client =
        RedisClient.create(
            RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withPassword(password.toCharArray())
                .withTimeout(LIMIT)
                .build());
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .pingBeforeActivateConnection(false) // it may still be loading its data
            .protocolVersion(ProtocolVersion.RESP2)
            .build());
  }

  /**
   * Sends one command and returns its reply as a flat list of strings.
   *
   * @throws IOException when there is no reply, no Redis, a Redis with another password, or an
   *     error reply
   */
  List<String> call(String... words) throws IOException {
    try {
      var args = new CommandArgs<>(StringCodec.UTF8);
      for (var i = 1; i < words.length; i++) {
        args.add(words[i]);
      }
      var reply = new ArrayList<String>();
      flatten(
          connection()
              .sync()
              .dispatch(
                  CommandType.valueOf(words[0]), new NestedMultiOutput<>(StringCodec.UTF8), args),
          reply);
      return reply;
    } catch (RedisException e) {
      // The error of AUTH is the cause of the failed connection.
      var cause = e.getCause() instanceof RedisException inner ? inner : e;
      throw new IOException(cause.getMessage(), e);
    }
  }

  private StatefulRedisConnection<String, String> connection() {
    var connection = open;
    if (connection == null || !connection.isOpen()) {
      connection = client.connect();
      open = connection;
    }
    return connection;
  }

  private static void flatten(@Nullable Object part, List<String> into) {
    switch (part) {
      case null -> {}
      case RedisException error -> throw error;
      case List<?> parts -> parts.forEach(one -> flatten(one, into));
      default -> into.add(part.toString());
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, LIMIT);
  }
}
