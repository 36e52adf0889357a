package dev.longhaul.queue;

/**
 * Proves that a worker holds the lease of a job. Every change of a running job needs it; without a
 * valid token nothing is written.
 *
 * @param fence the number of the claim; later claims of the job have higher ones
 * @param nonce a random value of the claim, because after a failover two claims can have the same
 *     fence
 */
public record LeaseToken(long fence, String nonce) {}
