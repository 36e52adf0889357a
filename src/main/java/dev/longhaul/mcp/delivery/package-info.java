/**
 * How a call's result reaches its client: inline, as a task, in a held response, or handed over as
 * an operation.
 */
@NullMarked
package dev.longhaul.mcp.delivery;

import org.jspecify.annotations.NullMarked;
