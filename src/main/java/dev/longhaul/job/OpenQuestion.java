package dev.longhaul.job;

/**
 * A question that a job's tool has asked its client and that has not been answered.
 *
 * @param key names it; never used twice in a job's life
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param params the method's params as JSON
 */
public record OpenQuestion(String key, String method, String params) {}
