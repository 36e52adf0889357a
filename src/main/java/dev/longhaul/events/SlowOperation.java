package dev.longhaul.events;

import java.time.Duration;

/**
 * A tool, resource, prompt or completion ran for longer than its threshold. Published when the run
 * has ended, in the process that ran it.
 *
 * @param operation such as {@code tools/call build_report}
 * @param job whether it was an attempt of a job; otherwise it ran in its request
 * @param id the id of the job or of the inline call
 * @param took how long it ran, without the time spent on questions to its client
 * @param threshold after what time it counts as slow
 */
public record SlowOperation(
    String operation, boolean job, String id, Duration took, Duration threshold) {}
