package dev.longhaul.gateway.catalog;

/**
 * A tool, resource or prompt of an upstream that is not served.
 *
 * @param name its own name or URI
 * @param reason why, with the remedy if there is one
 */
public record LeftOut(String name, String reason) {}
