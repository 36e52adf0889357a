/**
 * Requests to hosts that somebody else named: only to addresses that were checked, and bounded in
 * what may come back.
 */
@NamedInterface("outbound")
@NullMarked
package dev.longhaul.tool.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
