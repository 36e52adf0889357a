/**
 * Adapts Spring AI's annotated methods and SDK specifications: the only code that uses types of the
 * MCP SDK, apart from the annotations in {@code builtin}.
 */
@NullMarked
package dev.longhaul.catalog.springai;

import org.jspecify.annotations.NullMarked;
