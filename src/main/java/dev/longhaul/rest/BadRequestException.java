package dev.longhaul.rest;

import dev.longhaul.load.OverloadedException;
import dev.longhaul.rest.Problem.Place;
import dev.longhaul.schema.Violation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request is refused before it reaches the intake; the message names the mistake. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  BadRequestException(ProblemType type, String detail) {
    super(detail);
    this.problem = Problem.of(type, detail);
  }

  /** The process or the caller has too many requests in progress. */
  BadRequestException(OverloadedException overloaded) {
    super(overloaded.getMessage());
    Problem problem =
        Problem.of(
            switch (overloaded.status()) {
              case 413 -> ProblemType.REQUEST_TOO_LARGE;
              case 429 -> ProblemType.TOO_MANY_CALLS;
              default -> ProblemType.OVERLOADED;
            },
            String.valueOf(overloaded.getMessage()));
    Duration wait = overloaded.retryAfter();
    this.problem = wait == null ? problem : problem.retryAfter(wait);
  }

  /** Everything that is wrong with the fields of a request; at least one. */
  BadRequestException(List<Violation> violations) {
    super("The request is invalid");
    String detail =
        String.join("; ", violations.stream().map(v -> v.path() + ": " + v.message()).toList());
    this.problem =
        Problem.of(ProblemType.INVALID_REQUEST, detail).violations(Place.of("", violations));
  }

  /** The HTTP status of the refusal. */
  public int status() {
    return problem.status();
  }

  /** When to ask again, in seconds; null if asking again does not help. */
  public @Nullable Long retryAfterSeconds() {
    return problem.retryAfterSeconds();
  }

  Problem problem() {
    return problem;
  }
}
