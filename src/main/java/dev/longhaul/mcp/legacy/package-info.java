/** Revisions 2025-03-26 to 2025-11-25: sessions, and what earlier clients expect. */
@NullMarked
package dev.longhaul.mcp.legacy;

import org.jspecify.annotations.NullMarked;
