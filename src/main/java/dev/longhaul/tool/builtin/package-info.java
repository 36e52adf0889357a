/**
 * Tools that come with Longhaul: ordinary Spring AI methods, no different from a user's own.
 * Switched off with {@code longhaul.builtin.enabled=false}.
 */
@NullMarked
package dev.longhaul.tool.builtin;

import org.jspecify.annotations.NullMarked;
