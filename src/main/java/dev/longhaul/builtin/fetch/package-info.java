/** Fetches URLs from untrusted callers, without giving them access to the internal network. */
@NullMarked
package dev.longhaul.builtin.fetch;

import org.jspecify.annotations.NullMarked;
