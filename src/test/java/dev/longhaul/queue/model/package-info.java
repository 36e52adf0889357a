/**
 * A model of the queue with the expected answer to every call, and random runs that compare it with
 * the real queue.
 */
@NullMarked
package dev.longhaul.queue.model;

import org.jspecify.annotations.NullMarked;
