/**
 * Client time-outs: how long clients wait for a response, known by name or learned from
 * disconnects. They decide only when a held call gets its response, never what the response is.
 */
@NamedInterface("timeout")
@NullMarked
package dev.longhaul.mcp.timeout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
