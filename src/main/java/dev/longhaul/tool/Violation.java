package dev.longhaul.tool;

/**
 * One way in which arguments break a tool's input schema.
 *
 * @param path JSON Pointer to the place in the arguments; empty for the whole
 * @param message what is wrong there
 */
public record Violation(String path, String message) {}
