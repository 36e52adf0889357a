/** The HTTP with SSE transport of revision 2024-11-05: two endpoints, one stream per session. */
@NullMarked
package dev.longhaul.mcp.legacy.sse;

import org.jspecify.annotations.NullMarked;
