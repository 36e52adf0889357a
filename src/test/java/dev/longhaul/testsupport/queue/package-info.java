/** The queue in memory, for tests: one process, nothing kept, one lock. */
@NullMarked
package dev.longhaul.testsupport.queue;

import org.jspecify.annotations.NullMarked;
