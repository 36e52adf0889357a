/**
 * tools/list and tools/call for all revisions: how tools are described to clients, and by what
 * their calls are served.
 */
@NullMarked
package dev.longhaul.mcp.tools;

import org.jspecify.annotations.NullMarked;
