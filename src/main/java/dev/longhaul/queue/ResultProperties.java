package dev.longhaul.queue;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long jobs are remembered after their end. A time announced to a client is kept even if it is
 * longer.
 *
 * @param ttl how long a result of more than 4,096 characters is kept; a smaller one is kept as long
 *     as the job's status
 * @param statusTtl how long the job's status is kept, at least as long as its result
 * @param largeSize from which size a result is large
 * @param largeTtl how long a large result is kept
 * @param hugeSize from which size a result is huge
 * @param hugeTtl how long a huge result is kept
 * @param deadTtl how long a dead job is kept to be looked at and replayed
 * @param compressSize from which size a result is compressed
 */
@ConfigurationProperties("longhaul.results")
public record ResultProperties(
    @DefaultValue("1h") Duration ttl,
    @DefaultValue("2h") Duration statusTtl,
    @DefaultValue("100KB") DataSize largeSize,
    @DefaultValue("30m") Duration largeTtl,
    @DefaultValue("1MB") DataSize hugeSize,
    @DefaultValue("5m") Duration hugeTtl,
    @DefaultValue("7d") Duration deadTtl,
    @DefaultValue("64KB") DataSize compressSize) {

  /** How long a result of that many characters is kept. */
  public Duration ttlOf(long size) {
    if (size > hugeSize.toBytes()) {
      return shorter(hugeTtl);
    }
    return size > largeSize.toBytes() ? shorter(largeTtl) : ttl;
  }

  private Duration shorter(Duration other) {
    return other.compareTo(ttl) < 0 ? other : ttl;
  }
}
