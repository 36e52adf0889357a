package dev.longhaul.builtin.fetch;

/**
 * How much fetching may bring home, in bytes after decompression.
 *
 * @param maxBody of one body
 * @param maxTotal of all bodies of a call together
 */
public record FetchLimits(int maxBody, long maxTotal) {}
