/**
 * The API of queuemgr's MCP Proxy Adapter integration, for clients written against it: one command,
 * {@code queue}, with the job ids of its callers. See docs/queuemgr.md.
 */
@NullMarked
package dev.longhaul.rest.compat;

import org.jspecify.annotations.NullMarked;
