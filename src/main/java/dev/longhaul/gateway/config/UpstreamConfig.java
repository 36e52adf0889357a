package dev.longhaul.gateway.config;

import java.time.Duration;

/**
 * One upstream as the operator configured it, with all references to variables and files resolved.
 *
 * @param name its name, {@code [A-Za-z0-9_.-]{1,40}}, unique
 * @param connection how it is reached
 * @param tools which of its tools are served, under which names, with which policies
 * @param trustAnnotations whether readOnlyHint and idempotentHint of its tools are believed: such
 *     tools may be repeated after a crash
 * @param session one session for all callers, or one for each
 * @param questions what happens with questions to a client that cannot answer them
 * @param instances how many processes a stdio upstream may have at once, at least 1
 * @param spread whether every worker may run processes of its own of a stdio upstream
 * @param startTimeout how long a start, with the first answer, may take
 */
public record UpstreamConfig(
    String name,
    Connection connection,
    ToolRules tools,
    boolean trustAnnotations,
    SessionScope session,
    QuestionRule questions,
    int instances,
    boolean spread,
    Duration startTimeout) {

  /** Whose calls share a session with the upstream. */
  public enum SessionScope {
    SHARED,
    CALLER
  }

  /** What happens with a question that the client of the call cannot be asked. */
  public enum QuestionRule {
    /** It is refused at once. */
    CLIENT,
    /** It waits for an answer over REST. */
    REST
  }
}
