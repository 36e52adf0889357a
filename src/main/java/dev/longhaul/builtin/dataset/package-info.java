/** Reads a table of any size once, in constant memory, and says what is in its columns. */
@NullMarked
package dev.longhaul.builtin.dataset;

import org.jspecify.annotations.NullMarked;
