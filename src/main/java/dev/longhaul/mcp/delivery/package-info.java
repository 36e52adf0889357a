/** How a call's answer reaches its client: at once, as a task, held open, or handed over. */
@NullMarked
package dev.longhaul.mcp.delivery;

import org.jspecify.annotations.NullMarked;
