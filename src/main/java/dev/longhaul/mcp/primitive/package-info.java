/** The methods of resources, prompts and completion, shared by all revisions. */
@NullMarked
package dev.longhaul.mcp.primitive;

import org.jspecify.annotations.NullMarked;
