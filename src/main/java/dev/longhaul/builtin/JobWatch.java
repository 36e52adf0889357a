package dev.longhaul.builtin;

import dev.longhaul.builtin.dataset.DatasetProfile;
import dev.longhaul.builtin.dataset.ProfileWatch;
import dev.longhaul.tool.JobContext;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reports the progress of a profile to its job, measured in bytes, because the number of rows is
 * not known in advance.
 */
final class JobWatch implements ProfileWatch {
  private static final long BYTES_BETWEEN_REPORTS = 8L << 20;
  private static final long BYTES_BETWEEN_PARTIALS = 64L << 20;

  private final JobContext job;
  private long nextReport;
  private long nextPartial = BYTES_BETWEEN_PARTIALS;

  JobWatch(JobContext job) {
    this.job = job;
  }

  @Override
  public boolean stopRequested() {
    return job.cancelled();
  }

  @Override
  public void at(long bytesRead, long bytesTotal, long rows, Supplier<DatasetProfile> soFar) {
    if (bytesRead >= nextReport) {
      nextReport = bytesRead + BYTES_BETWEEN_REPORTS;
      job.progress(
          bytesTotal == 0 ? 1 : (double) bytesRead / bytesTotal,
          String.format(Locale.ROOT, "%,d rows read", rows));
    }
    // For the case that the call ends without time for a final report, such as by a time-out.
    if (bytesRead >= nextPartial) {
      nextPartial = bytesRead + BYTES_BETWEEN_PARTIALS;
      job.partial(DatasetTool.answer(soFar.get()), rows, null);
    }
  }

  @Override
  public void stopped(DatasetProfile soFar) {
    job.partial(DatasetTool.answer(soFar), soFar.rows(), null);
    job.checkpoint("reading the dataset");
  }
}
