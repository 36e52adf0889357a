/** The tools with which a client continues, inspects and cancels operations. */
@NullMarked
package dev.longhaul.mcp.operation;

import org.jspecify.annotations.NullMarked;
