/** Revision 2026-07-28, which is stateless: each request contains all that it needs. */
@NullMarked
package dev.longhaul.mcp.modern;

import org.jspecify.annotations.NullMarked;
