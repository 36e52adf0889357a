/**
 * JSON-RPC 2.0 with one upstream as JSON trees, over stdin and stdout, streamable HTTP or HTTP with
 * SSE.
 */
@NullMarked
package dev.longhaul.gateway.rpc;

import org.jspecify.annotations.NullMarked;
