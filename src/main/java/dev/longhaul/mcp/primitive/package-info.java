/** Resources, prompts and completion: what both eras share of their methods. */
@NullMarked
package dev.longhaul.mcp.primitive;

import org.jspecify.annotations.NullMarked;
