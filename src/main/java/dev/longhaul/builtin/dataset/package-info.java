/** Profiles the columns of a table of any size, in one pass and constant memory. */
@NullMarked
package dev.longhaul.builtin.dataset;

import org.jspecify.annotations.NullMarked;
