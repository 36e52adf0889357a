/**
 * Helpers for those who write tools: many items at once, batches, a rate, processors, programs. All
 * of them work in any thread, and stop with the call if the thread serves one ({@link
 * dev.longhaul.tool.JobContext}).
 */
@NullMarked
package dev.longhaul.tool.work;

import org.jspecify.annotations.NullMarked;
