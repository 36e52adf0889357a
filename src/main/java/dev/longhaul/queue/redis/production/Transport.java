package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import dev.longhaul.queue.redis.check.RedisAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Whether others on the network can read what goes to Redis, or use it. */
final class Transport {
  private static final String CHECK = "redis-connection";

  private Transport() {}

  static Finding of(
      RedisConnectionFactory connections, @Nullable DataRedisConnectionDetails details) {
    String address = RedisAddress.of(details);
    if (connections instanceof LettuceConnectionFactory lettuce && lettuce.isUseSsl()) {
      return Finding.pass(CHECK, address + " is reached over TLS.");
    }
    if (RedisAddress.hosts(details).stream().allMatch(Transport::isLoopback)) {
      return Finding.pass(CHECK, address + " is on this machine.");
    }
    String remedy =
        "Use rediss:// in spring.data.redis.url, or set spring.data.redis.ssl.enabled=true";
    return details != null && details.getPassword() == null
        ? Finding.fail(
            CHECK,
            address + " is reached without TLS and without a password.",
            remedy + ", and set a password (spring.data.redis.password).")
        : Finding.warn(
            CHECK,
            address
                + " is reached without TLS: who is on the network between can read jobs and the"
                + " password.",
            remedy + ".");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
