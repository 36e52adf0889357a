/**
 * tools/list and the params of tools/call, the same for every revision: what a client is shown of a
 * tool, and where its call goes.
 */
@NullMarked
package dev.longhaul.mcp.tools;

import org.jspecify.annotations.NullMarked;
