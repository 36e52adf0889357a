package dev.longhaul.notify;

import dev.longhaul.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is told: that something has ended.
 *
 * @param id names the message: the same on every attempt, every replay and every channel
 * @param type what happened: {@code job}, {@code batch} or {@code chain}, a dot, and the state it
 *     ended in, such as {@code job.completed}
 * @param timestamp when that was
 * @param subject the job, batch or chain
 * @param owner whose it is
 * @param url where to, for a channel that needs to know, else null
 * @param attempt which attempt to tell this is, counted from 1
 * @param data what is known of the subject; never the arguments of a call
 */
public record Notification(
    String id,
    String type,
    Instant timestamp,
    JobId subject,
    String owner,
    @Nullable String url,
    int attempt,
    ObjectNode data) {}
