package dev.longhaul.notify;

import dev.longhaul.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The notification that a job, batch or chain has ended.
 *
 * @param id identifies the message: the same for all attempts, replays and channels
 * @param type the event: {@code job}, {@code batch} or {@code chain}, a dot, and the state it ended
 *     in, such as {@code job.completed}
 * @param timestamp when it ended
 * @param subject the id of the job, batch or chain
 * @param owner its owner
 * @param url the target for a channel that needs one, else null
 * @param attempt the number of the delivery attempt, counted from 1
 * @param data data of the subject, without the arguments of a call
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
