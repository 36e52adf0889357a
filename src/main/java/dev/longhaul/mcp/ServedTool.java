package dev.longhaul.mcp;

import dev.longhaul.mcp.modern.MirroredParams;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool as this front door shows it.
 *
 * @param description its entry in tools/list
 * @param legacyDescription its entry for earlier revisions, whose schemas allow less
 * @param mirrored which of its arguments clients repeat in headers
 */
public record ServedTool(
    String name, ObjectNode description, ObjectNode legacyDescription, MirroredParams mirrored) {}
