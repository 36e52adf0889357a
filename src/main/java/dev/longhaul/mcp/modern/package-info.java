/** Revision 2026-07-28: stateless, everything a request needs is in the request. */
@NullMarked
package dev.longhaul.mcp.modern;

import org.jspecify.annotations.NullMarked;
