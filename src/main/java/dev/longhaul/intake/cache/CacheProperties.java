package dev.longhaul.intake.cache;

import dev.longhaul.tool.CacheScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The result cache. Results of a tool are cached only if {@code longhaul.tools.<name>.cacheable},
 * {@code .cache} or its author says so, and the content of a resource only if a rule matches its
 * URI.
 *
 * @param time how long a result of a cacheable tool may be used again, if the tool does not say
 * @param memory how much memory of this process cached results may take; with 0 all come from Redis
 * @param memoryTime how long this process uses a result in its memory before it reads it from Redis
 *     again; if the message of an invalidation is lost, the result is used up to this long
 * @param maxEntry the largest result that is cached, as JSON
 * @param redisTimeout how long Redis may take before a call goes on without the cache
 * @param lists how long a page of resources/list, resources/templates/list or prompts/list may be
 *     used again; 0 for never, since each process builds them from its memory anyway
 * @param resources which resources may be cached, as a list of {@code uri} ({@code *} stands for
 *     any characters), {@code time} (300 s) and {@code scope} ({@code caller} or {@code shared});
 *     the first that matches applies, at most 100
 */
@ConfigurationProperties("longhaul.cache")
public record CacheProperties(
    @DefaultValue("300s") Duration time,
    @DefaultValue("10MB") DataSize memory,
    @DefaultValue("30s") Duration memoryTime,
    @DefaultValue("1MB") DataSize maxEntry,
    @DefaultValue("1s") Duration redisTimeout,
    @DefaultValue("0s") Duration lists,
    @DefaultValue List<ResourceRule> resources) {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final DataSize LARGEST_ENTRY = DataSize.ofMegabytes(64);
  private static final int MAX_RULES = 100;

  /**
   * Which resources may be cached.
   *
   * @param uri their URIs; {@code *} stands for any characters
   * @param time how long they are cached
   * @param scope for the caller that read it, or shared by all
   */
  public record ResourceRule(
      @DefaultValue("") String uri,
      @DefaultValue("300s") Duration time,
      @DefaultValue("caller") CacheScope scope) {
    private static final int MAX_URI = 2_000;

    public ResourceRule {
      if (uri.isBlank() || uri.length() > MAX_URI) {
        throw new IllegalArgumentException(
            "longhaul.cache.resources: each rule needs a uri of 1 to "
                + MAX_URI
                + " characters, such as report://*");
      }
      positive("resources.time", time);
    }

    // No regular expression, because URIs are untrusted: this takes linear time for each star.
    private boolean matches(String given) {
      List<String> parts = List.of(uri.split("\\*", -1));
      String first = parts.getFirst();
      String last = parts.getLast();
      if (parts.size() == 1 || !given.startsWith(first)) {
        return given.equals(first);
      }
      int at = first.length();
      for (String part : parts.subList(1, parts.size() - 1)) {
        int found = given.indexOf(part, at);
        if (found < 0) {
          return false;
        }
        at = found + part.length();
      }
      return given.length() - last.length() >= at && given.endsWith(last);
    }
  }

  public CacheProperties {
    positive("time", time);
    positive("memory-time", memoryTime);
    positive("redis-timeout", redisTimeout);
    if (lists.isNegative() || lists.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("longhaul.cache.lists must be 0s to 365d, not " + lists);
    }
    if (memory.isNegative()) {
      throw new IllegalArgumentException(
          "longhaul.cache.memory must not be negative, use 0 to 1GB");
    }
    if (maxEntry.toBytes() < 1 || maxEntry.compareTo(LARGEST_ENTRY) > 0) {
      throw new IllegalArgumentException(
          "longhaul.cache.max-entry must be 1B to 64MB, not " + maxEntry);
    }
    if (resources.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "longhaul.cache.resources has " + resources.size() + " rules; use up to " + MAX_RULES);
    }
    resources = List.copyOf(resources);
  }

  /** The first rule that matches the URI; empty if the resource may not be cached. */
  Optional<ResourceRule> rule(String uri) {
    return resources.stream().filter(rule -> rule.matches(uri)).findFirst();
  }

  private static void positive(String name, Duration time) {
    if (time.toMillis() < 1 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "longhaul.cache." + name + " must be 1ms to 365d, not " + time);
    }
  }
}
