/** The tools with which any client follows an operation that was handed over to it. */
@NullMarked
package dev.longhaul.mcp.operation;

import org.jspecify.annotations.NullMarked;
