package dev.longhaul.queue;

/**
 * Proof that a worker still owns a job. Whoever changes a running job shows it; without it nothing
 * is written.
 *
 * @param fence counts the claims of this job; a later claim has a higher one
 * @param nonce chosen by the claiming worker, because after a failover two workers can hold the
 *     same fence
 */
public record LeaseToken(long fence, String nonce) {}
