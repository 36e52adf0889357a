package dev.longhaul.mcp.legacy;

/**
 * What a client of an earlier revision said when it introduced itself.
 *
 * @param id visible ASCII, cannot be guessed
 * @param version the revision agreed on
 * @param clientName the name it gave itself, or an empty string
 * @param clientVersion its version, or an empty string
 * @param capabilities its capabilities as JSON
 */
public record Session(
    String id, String version, String clientName, String clientVersion, String capabilities) {}
