/**
 * A model of the queue that says what every call must answer, and random runs that compare it with
 * the real one.
 */
@NullMarked
package dev.longhaul.queue.model;

import org.jspecify.annotations.NullMarked;
