package dev.longhaul.notify;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The notification channels of this process by name. They are looked up lazily, because a user's
 * channel may depend on beans that depend on this.
 */
final class Channels {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private final Supplier<Stream<NotificationChannel>> beans;
  private @Nullable Map<String, NotificationChannel> found;

  Channels(Supplier<Stream<NotificationChannel>> beans) {
    this.beans = beans;
  }

  /**
   * The channel of that name.
   *
   * @throws IllegalStateException if any channel's name is invalid or used twice
   */
  Optional<NotificationChannel> find(String name) {
    return Optional.ofNullable(all().get(name));
  }

  /** All names, in order. */
  String names() {
    return String.join(", ", all().keySet());
  }

  private synchronized Map<String, NotificationChannel> all() {
    if (found == null) {
      Map<String, NotificationChannel> channels = new TreeMap<>();
      beans.get().forEach(channel -> add(channels, channel));
      found = channels;
    }
    return found;
  }

  private static void add(Map<String, NotificationChannel> channels, NotificationChannel channel) {
    String name = channel.name();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalStateException(
          "The notification channel "
              + channel.getClass().getName()
              + " is called '"
              + name
              + "'; use 1 to 64 of A-Z a-z 0-9 _ . -");
    }
    if (channels.putIfAbsent(name, channel) != null) {
      throw new IllegalStateException(
          "Two notification channels are called '" + name + "'; rename one of them.");
    }
  }
}
