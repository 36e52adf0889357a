package dev.longhaul.rest;

import dev.longhaul.rest.Problem.Place;
import dev.longhaul.tool.Violations;
import java.util.List;

/** The request is refused before the intake sees it; the message says what is wrong with it. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  BadRequestException(ProblemType type, String detail) {
    super(detail);
    this.problem = Problem.of(type, detail);
  }

  /** Everything that is wrong with the fields of a request, up to the bound; at least one. */
  BadRequestException(Violations violations) {
    this(violations.list().stream().map(v -> new Place(v.path(), v.message())).toList());
  }

  /** Everything that is wrong with the fields of a request; at least one place. */
  BadRequestException(List<Place> places) {
    super("The request is invalid");
    String detail =
        String.join("; ", places.stream().map(p -> p.path() + ": " + p.message()).toList());
    this.problem = Problem.of(ProblemType.INVALID_REQUEST, detail).violations(places);
  }

  /** The HTTP status that says so. */
  public int status() {
    return problem.status();
  }

  Problem problem() {
    return problem;
  }
}
