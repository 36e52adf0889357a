package dev.longhaul.job;

/**
 * Which place a job has in a batch or a chain.
 *
 * @param flow the batch or chain
 * @param index which child it is, counted from 0
 */
public record FlowRef(JobId flow, int index) {}
