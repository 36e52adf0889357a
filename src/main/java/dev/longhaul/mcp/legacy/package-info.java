/**
 * The earlier revisions, 2024-11-05 to 2025-11-25: sessions, resumable streams, questions and
 * tasks.
 */
@NullMarked
package dev.longhaul.mcp.legacy;

import org.jspecify.annotations.NullMarked;
