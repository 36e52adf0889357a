package dev.longhaul.job;

/**
 * An unanswered question of a job's tool to its client.
 *
 * @param key its key, unique within the job
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param params the method's params as JSON
 */
public record OpenQuestion(String key, String method, String params) {}
