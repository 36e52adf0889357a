package dev.longhaul.builtin.fetch;

/**
 * Size limits of fetching, in bytes after decompression.
 *
 * @param maxBody the limit of one body
 * @param maxTotal the limit of all bodies of a call together
 */
public record FetchLimits(int maxBody, long maxTotal) {}
