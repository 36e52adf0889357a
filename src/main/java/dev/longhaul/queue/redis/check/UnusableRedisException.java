package dev.longhaul.queue.redis.check;

/** The configured Redis is not suitable for the queue, so the application does not start. */
public class UnusableRedisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialised
  private final RedisProblem problem;

  public UnusableRedisException(RedisProblem problem) {
    super(problem.description());
    this.problem = problem;
  }

  public RedisProblem problem() {
    return problem;
  }
}
