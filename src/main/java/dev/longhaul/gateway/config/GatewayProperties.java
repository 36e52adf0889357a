package dev.longhaul.gateway.config;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings of upstreams. They are bound one upstream at a time by {@link ConfiguredUpstreams},
 * so that a wrong one disables itself alone; this record describes them.
 *
 * @param mcpServers Files in the format {@code mcpServers} of Claude Desktop, Claude Code, Cursor
 *     or VS Code ({@code servers} too), with commas between them; their servers become upstreams
 * @param upstreams Upstreams by their name (1 to 40 of A-Z a-z 0-9 _ . -): {@code .<name>.command}
 *     or {@code .<name>.url}, and what else docs/gateway.md has
 */
@ConfigurationProperties("longhaul")
record GatewayProperties(List<String> mcpServers, Map<String, UpstreamSettings> upstreams) {}
