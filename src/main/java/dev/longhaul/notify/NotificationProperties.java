package dev.longhaul.notify;

import dev.longhaul.job.RetryPolicy;
import dev.longhaul.secret.SecretFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the end of jobs, batches and chains is told. What a job is submitted with stays as it was
 * then.
 *
 * @param attempts how often a delivery is tried
 * @param backoff the waits between attempts; the last one repeats
 * @param timeout how long an attempt may take
 * @param queue the named queue in which deliveries wait
 * @param concurrency how many deliveries run at once, in each shard
 * @param channels channels that notify of the end of every job, batch and chain, also where the
 *     request names no channel
 * @param maxResult up to which size a result is sent along
 * @param webhook what webhooks may do
 */
@ConfigurationProperties("longhaul.notifications")
public record NotificationProperties(
    @DefaultValue("3") int attempts,
    @DefaultValue("60s") List<Duration> backoff,
    @DefaultValue("10s") Duration timeout,
    @DefaultValue("default") String queue,
    @DefaultValue("20") int concurrency,
    @DefaultValue List<String> channels,
    @DefaultValue("16KB") DataSize maxResult,
    @DefaultValue Webhook webhook) {

  /**
   * What webhooks may do. They are off until both a secret and a host are configured.
   *
   * @param secrets the keys that sign webhooks, as {@code whsec_} and base64 of 24 to 64 bytes; all
   *     of them sign, so that a receiver can change from one to the next. Without one, webhooks are
   *     off
   * @param secretsFile a file with such secrets, one a line, that is read again when it changes
   * @param allowedHosts where webhooks may go: {@code host}, {@code host:port}, {@code *.domain} or
   *     {@code *}; addresses that are not on the public internet only where the host is named in
   *     full
   * @param allowHttp whether webhooks may use http, which others on the network can read
   */
  public record Webhook(
      @DefaultValue List<String> secrets,
      @Nullable Path secretsFile,
      @DefaultValue List<String> allowedHosts,
      @DefaultValue("false") boolean allowHttp) {

    public Webhook {
      secrets = List.copyOf(secrets);
      allowedHosts = List.copyOf(allowedHosts);
      var _ = signatures(secrets, secretsFile); // refuses what is no secret
      var _ = new AllowedTargets(allowedHosts);
    }

    /** The signatures by the secrets as they are at the time. */
    Supplier<Signatures> signatures() {
      return signatures(secrets, secretsFile);
    }

    private static Supplier<Signatures> signatures(List<String> secrets, @Nullable Path file) {
      if (file == null) {
        var signatures = new Signatures(secrets);
        return () -> signatures;
      }
      if (!secrets.isEmpty()) {
        throw new IllegalArgumentException(
            "Set longhaul.notifications.webhook.secrets or"
                + " longhaul.notifications.webhook.secrets-file, not both");
      }
      return new SecretFile<>("longhaul.notifications.webhook.secrets-file", file, Signatures::new)
          ::get;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "Webhook[secrets="
          + secrets.size()
          + ", secretsFile="
          + secretsFile
          + ", allowedHosts="
          + allowedHosts
          + ", allowHttp="
          + allowHttp
          + "]";
    }
  }

  public NotificationProperties {
    backoff = List.copyOf(backoff);
    channels = List.copyOf(channels);
    if (attempts < 1 || attempts > RetryPolicy.MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "longhaul.notifications.attempts must be 1 to " + RetryPolicy.MOST_ATTEMPTS);
    }
    if (backoff.isEmpty() || backoff.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException(
          "longhaul.notifications.backoff needs at least one wait, such as 60s");
    }
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
      throw new IllegalArgumentException(
          "longhaul.notifications.timeout must be positive and at most 5m");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException("longhaul.notifications.concurrency must be at least 1");
    }
    if (maxResult.toBytes() > 10L << 20) {
      throw new IllegalArgumentException("longhaul.notifications.max-result must be at most 10MB");
    }
  }

  /** For how long after the end attempts may be started: workers may be away for a while. */
  Duration retryUntil() {
    Duration all = Duration.ofDays(1);
    for (int attempt = 0; attempt < attempts; attempt++) {
      all = all.plus(backoff.get(Math.min(attempt, backoff.size() - 1))).plus(timeout);
    }
    return all;
  }
}
