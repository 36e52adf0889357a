/**
 * Calls of upstreams: their sessions in this process, which process runs a stdio upstream, and what
 * runs a tool, resource, prompt or completion of an upstream.
 */
@NullMarked
package dev.longhaul.gateway.call;

import org.jspecify.annotations.NullMarked;
