package dev.longhaul.worker;

import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import java.time.Duration;

/**
 * A completion on its way to the queue.
 *
 * @param ran how long the attempt ran
 */
record Report(Claim claim, Completion completion, Duration ran) {}
