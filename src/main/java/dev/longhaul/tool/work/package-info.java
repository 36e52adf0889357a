/**
 * Helpers for authors of tools: parallel processing, batches, rate limits, CPU-bound work and
 * subprocesses. They work in any thread, and stop with the call if the thread serves one ({@link
 * dev.longhaul.tool.JobContext}).
 */
@NullMarked
package dev.longhaul.tool.work;

import org.jspecify.annotations.NullMarked;
