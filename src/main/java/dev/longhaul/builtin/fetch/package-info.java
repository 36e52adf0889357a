/** Fetches URLs that a stranger chose, without becoming the stranger's way into this network. */
@NullMarked
package dev.longhaul.builtin.fetch;

import org.jspecify.annotations.NullMarked;
