package dev.longhaul.queue;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of the store jobs may take that have not ended, so that one caller cannot fill it for
 * all, and how many jobs of one caller may run and be submitted. 0 is no limit. Where there are
 * shards each takes its part.
 *
 * @param callerJobs how many jobs that have not ended one caller may have; 0 for no limit
 * @param callerBytes how many bytes the open jobs of one caller may hold: their arguments and
 *     metadata, and 512 bytes for each job; 0 for no limit
 * @param callerRunning how many jobs of one caller may run at once; more wait, and neither fail nor
 *     hold up those of other callers; 0 for no limit. It is stored with each job at its submission
 * @param callerPerMinute how many jobs one caller may submit per minute, children of batches and
 *     chains and replays included; more are refused until the minute has room again; 0 for no limit
 * @param jobs how many jobs that have not ended all callers together may have; 0 for no limit
 * @param bytes how many bytes the open jobs of all callers together may hold; 0 for no limit
 */
@ConfigurationProperties("longhaul.quotas")
public record QuotaProperties(
    @DefaultValue("1000000") int callerJobs,
    @DefaultValue("1GB") DataSize callerBytes,
    @DefaultValue("0") int callerRunning,
    @DefaultValue("0") int callerPerMinute,
    @DefaultValue("5000000") int jobs,
    @DefaultValue("8GB") DataSize bytes) {

  public QuotaProperties {
    require(callerJobs >= 0, "caller-jobs");
    require(!callerBytes.isNegative(), "caller-bytes");
    require(callerRunning >= 0, "caller-running");
    require(callerPerMinute >= 0, "caller-per-minute");
    require(jobs >= 0, "jobs");
    require(!bytes.isNegative(), "bytes");
  }

  private static void require(boolean valid, String name) {
    if (!valid) {
      throw new IllegalArgumentException(
          "longhaul.quotas." + name + " must not be negative; 0 is no limit");
    }
  }
}
