/**
 * How long clients wait for an answer before they give up: known by name, or learnt from clients
 * that left. It decides only when a held call is answered, never what the answer means.
 */
@NamedInterface("patience")
@NullMarked
package dev.longhaul.mcp.patience;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
