/** What the operator configured: the settings of upstreams and files in the format mcpServers. */
@NullMarked
package dev.longhaul.gateway.config;

import org.jspecify.annotations.NullMarked;
