package dev.longhaul.queue.redis.embedded;

/** The embedded Redis cannot be started. Has the cause and the remedy for the operator. */
public class EmbeddedRedisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String USE_YOUR_OWN =
      "point spring.data.redis.url at a Redis 6.2 or newer, for example"
          + " --spring.data.redis.url=redis://localhost:6379";

  private final String action;

  public EmbeddedRedisException(String description, String action) {
    super(description);
    this.action = action;
  }

  public EmbeddedRedisException(String description, String action, Throwable cause) {
    super(description, cause);
    this.action = action;
  }

  /** The remedy, as a sentence. */
  public String action() {
    return action;
  }
}
