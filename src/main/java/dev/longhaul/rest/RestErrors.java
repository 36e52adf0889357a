package dev.longhaul.rest;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Refusal;
import dev.longhaul.load.OverloadedException;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.rest.Problem.Place;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.thread.OutOfMemory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns every exception of this front door into a status and a problem document. It is no
 * controller advice, because unknown routes, methods and media types fail before a controller is
 * chosen; and it handles only our own paths, so that a host application's errors are not changed.
 */
final class RestErrors implements HandlerExceptionResolver, Ordered {
  /** The request attribute with the JSON Pointer of a tool's arguments in the body. */
  static final String ARGUMENTS = RestErrors.class.getName() + ".arguments";

  private static final Logger log = LoggerFactory.getLogger(RestErrors.class);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

  private final JsonMapper json = JsonMapper.builder().build();
  private final ServedPaths served;

  RestErrors(ServedPaths served) {
    this.served = served;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 10;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception exception) {
    // Spring MVC wraps errors; running out of memory must end the process and not be answered.
    if (exception.getCause() instanceof OutOfMemoryError e) {
      throw e;
    }
    boolean known =
        exception instanceof OverloadedException || exception instanceof BadRequestException;
    if (!known && !isOurs(request, handler)) {
      return null;
    }
    if (exception instanceof IOException || response.isCommitted()) {
      return new ModelAndView(); // the client has disconnected
    }
    try {
      write(response, problem(request, exception), exception);
    } catch (IOException e) {
      log.debug("The client is gone before it could be told of its error");
    }
    return new ModelAndView();
  }

  private boolean isOurs(HttpServletRequest request, @Nullable Object handler) {
    if (handler instanceof HandlerMethod method) {
      return StrictQuery.isOurs(method.getBeanType());
    }
    return served.containInApi(ServedPaths.path(request));
  }

  private Problem problem(HttpServletRequest request, Exception exception) {
    return switch (exception) {
      case IntakeException e -> refused(request, e);
      case QueueUnavailableException e -> refused(request, QueueAnswers.unavailable(e));
      case BadRequestException e -> e.problem();
      case OverloadedException e -> new BadRequestException(e).problem();
      case HttpRequestMethodNotSupportedException e ->
          Problem.of(
              ProblemType.METHOD_NOT_ALLOWED,
              e.getMethod() + " is not served here; see the Allow header.");
      // No operation takes multipart forms; Spring MVC parses them before it chooses an operation.
      case HttpMediaTypeNotSupportedException _, MultipartException _ ->
          Problem.of(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "Send the body with Content-Type application/json.");
      case ErrorResponse e -> mvc(e, request);
      default -> {
        OutOfMemory.met(exception);
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), exception);
        yield Problem.of(
            ProblemType.INTERNAL_ERROR,
            "Something went wrong inside the server; its log says what. Trying again may help.");
      }
    };
  }

  private static Problem mvc(ErrorResponse error, HttpServletRequest request) {
    ProblemType type =
        switch (error.getStatusCode().value()) {
          case 404 -> ProblemType.UNKNOWN_ROUTE;
          case 406 -> ProblemType.NOT_ACCEPTABLE;
          default -> ProblemType.INVALID_REQUEST;
        };
    String detail =
        type == ProblemType.UNKNOWN_ROUTE
            ? "There is no " + request.getMethod() + " at this path; /v3/api-docs lists what is."
            : Optional.ofNullable(error.getBody().getDetail()).orElse(type.title());
    return Problem.of(type, detail);
  }

  private Problem refused(HttpServletRequest request, IntakeException exception) {
    return switch (exception.refusal()) {
      case Refusal.UnknownTool e ->
          of(ProblemType.UNKNOWN_TOOL, e, "GET " + served.api() + "/tools lists those served.");
      case Refusal.UnsupportedMethod e -> of(ProblemType.UNSUPPORTED_METHOD, e);
      case Refusal.BadRequest e -> badRequest(e);
      case Refusal.InvalidArguments e ->
          of(ProblemType.INVALID_ARGUMENTS, e)
              .violations(Place.of(arguments(request), e.violations()));
      case Refusal.InvalidParams e ->
          of(ProblemType.INVALID_ARGUMENTS, e).violations(Place.of("/params", e.violations()));
      case Refusal.InvalidFlow e ->
          of(e.malformed() ? ProblemType.INVALID_REQUEST : ProblemType.INVALID_ARGUMENTS, e)
              .violations(Place.of("", e.violations()));
      case Refusal.UnknownFlow e ->
          of(e.kind() == FlowKind.BATCH ? ProblemType.UNKNOWN_BATCH : ProblemType.UNKNOWN_CHAIN, e);
      case Refusal.FlowFinished e -> of(ProblemType.ALREADY_FINISHED, e);
      case Refusal.UnknownJob e -> of(ProblemType.UNKNOWN_JOB, e);
      case Refusal.NotFinished e -> notFinished(request, e);
      case Refusal.AlreadyFinished e -> of(ProblemType.ALREADY_FINISHED, e);
      case Refusal.ResultExpired e -> of(ProblemType.RESULT_EXPIRED, e);
      case Refusal.NotHeld e -> of(ProblemType.NOT_HELD, e);
      case Refusal.NotDead e -> of(ProblemType.NOT_DEAD, e);
      case Refusal.UnknownQueue e ->
          of(
              ProblemType.UNKNOWN_QUEUE,
              e,
              "GET " + served.api() + "/queues lists those there are.");
      case Refusal.IdempotencyConflict e -> of(ProblemType.IDEMPOTENCY_CONFLICT, e).job(e.known());
      case Refusal.QueueDraining e ->
          of(ProblemType.QUEUE_DRAINING, e).retryAfter(Refusal.QueueDraining.RETRY_AFTER);
      case Refusal.QueueFull e -> queueFull(e);
      case Refusal.Unavailable e -> of(ProblemType.UNAVAILABLE, e).retryAfter(SOON);
    };
  }

  private static String arguments(HttpServletRequest request) {
    return Objects.requireNonNullElse(request.getAttribute(ARGUMENTS), "/params/arguments")
        .toString();
  }

  private static Problem queueFull(Refusal.QueueFull e) {
    Problem problem = of(ProblemType.QUEUE_FULL, e);
    Duration wait = e.retryAfter();
    return wait == null ? problem : problem.retryAfter(wait);
  }

  private static Problem badRequest(Refusal.BadRequest e) {
    Problem problem = of(ProblemType.INVALID_REQUEST, e);
    return e.option() == null
        ? problem
        : problem.violations(List.of(new Place("/" + e.option(), e.message())));
  }

  private Problem notFinished(HttpServletRequest request, Refusal.NotFinished e) {
    return HttpMethod.DELETE.matches(request.getMethod())
        ? of(ProblemType.NOT_FINISHED, e, "Cancel it first, or delete it with force=true.")
        : of(
                ProblemType.NOT_FINISHED,
                e,
                "GET " + served.api() + "/jobs/{id}?wait_seconds=30 waits for its end.")
            .retryAfter(NEXT_LOOK);
  }

  private static Problem of(ProblemType type, Refusal refusal) {
    return Problem.of(type, refusal.message());
  }

  /**
   * With a sentence of this front door about what to do.
   *
   * @param advice begins with a capital letter
   */
  private static Problem of(ProblemType type, Refusal refusal, String advice) {
    String message = refusal.message();
    return Problem.of(type, message + (message.endsWith(".") ? " " : ". ") + advice);
  }

  private void write(HttpServletResponse response, Problem problem, Exception exception)
      throws IOException {
    if (exception instanceof ErrorResponse error) {
      HttpHeaders headers = error.getHeaders(); // Allow, Accept
      headers.forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
    }
    if (problem.retryAfterSeconds() != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfterSeconds()));
    }
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(json.writeValueAsBytes(problem));
  }
}
