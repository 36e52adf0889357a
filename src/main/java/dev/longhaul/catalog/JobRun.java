package dev.longhaul.catalog;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;

/**
 * An attempt of a job in a worker, from the claim to its report. Its span is a child of the span
 * that submitted the job, whose trace context is stored with it; there is no metric of it.
 */
public final class JobRun extends ReceiverContext<Map<String, String>> {
  /** The name of the observation. */
  public static final String NAME = "longhaul.job";

  /**
   * An attempt.
   *
   * @param called the tool or method that it calls
   * @param id the job's id
   * @param attempt which attempt it is, from 1
   * @param trace the stored trace context
   */
  public JobRun(String called, String id, int attempt, Map<String, String> trace) {
    super(Map::get, Kind.CONSUMER);
    setCarrier(trace);
    setName(NAME);
    setContextualName("job " + called);
    addHighCardinalityKeyValues(
        KeyValues.of("longhaul.job.id", id, "longhaul.job.attempt", Integer.toString(attempt)));
  }
}
