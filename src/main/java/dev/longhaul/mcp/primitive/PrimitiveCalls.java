package dev.longhaul.mcp.primitive;

import dev.longhaul.catalog.CompletionValues;
import dev.longhaul.catalog.MethodParams;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Rate;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.ToolResults;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.ToolRefusedException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Serves resources/read, prompts/get and completion/complete on all revisions. */
public final class PrimitiveCalls {
  private final ServedMethods methods;
  private final Intake intake;
  private final Deliverer deliverer;
  private final JobResources jobs;
  private final Duration timeout;
  private final Duration resourceTtl;
  private final CallerRate completions;

  /**
   * @param timeout how long a handler may run
   * @param resourceTtl how long clients may cache the content of a resource
   * @param completionRate how often a caller may request completions from this process
   */
  public PrimitiveCalls(
      ServedMethods methods,
      Intake intake,
      Deliverer deliverer,
      Duration timeout,
      Duration resourceTtl,
      Rate completionRate) {
    this.methods = methods;
    this.intake = intake;
    this.deliverer = deliverer;
    this.jobs = new JobResources(intake);
    this.timeout = timeout;
    this.resourceTtl = resourceTtl;
    this.completions = new CallerRate(completionRate, System::nanoTime);
  }

  /** Reads a resource; the params are those of {@link MethodParams#read}. */
  public void read(Call call) {
    try {
      readOrThrow(call);
    } catch (RpcException e) {
      throw new RpcException(call.dialect().httpStatus(e), call.dialect().error(e.error()));
    }
  }

  private void readOrThrow(Call call) {
    String uri = call.params().path("uri").asString();
    if (uri.startsWith(JobResources.SCHEME)) {
      answer(call, cacheable(call, jobs.read(call, uri)));
      return;
    }
    run(call, ServedMethods.READ, result -> cacheable(call, result));
  }

  /** Gets a prompt; the params are those of {@link MethodParams#prompt}. */
  public void prompt(Call call) {
    run(call, ServedMethods.PROMPT, UnaryOperator.identity());
  }

  /** Completes a value; the params are those of {@link MethodParams#complete}. */
  public void complete(Call call) {
    Duration wait = completions.take(call.caller().owner());
    if (wait.isPositive()) {
      throw tooOften(wait);
    }
    if (JobResources.TEMPLATES.contains(MethodParams.reference(call.params().path("ref")).id())) {
      answer(call, CompletionValues.bounded(Replies.object()));
      return;
    }
    run(call, ServedMethods.COMPLETE, UnaryOperator.identity());
  }

  private static RpcException tooOften(Duration wait) {
    long seconds = wait.toSeconds() + 1;
    return new RpcException(
        200,
        new RpcError(
            ErrorCode.TOO_MANY_COMPLETIONS,
            "Completions are requested too often; try again in " + seconds + " s.",
            Replies.object().put("retryAfterSeconds", seconds)));
  }

  private void run(Call call, String method, UnaryOperator<ObjectNode> finish) {
    PrimitiveHandler handler;
    try {
      handler = methods.handler(method, call.params());
    } catch (ToolRefusedException e) {
      throw Failures.refused(e);
    }
    Submission submission =
        Submission.inline(call.caller(), method, call.params()).of(call.sender().client());
    deliverer.inline(
        call,
        listener -> allowed(method, intake.runInline(submission, handler, timeout, listener)),
        outcome -> call.dialect().complete(finish.apply(result(method, outcome))));
  }

  /** Completions must not return questions (basic/patterns/mrtr.mdx). */
  private static Inlined allowed(String method, Inlined end) {
    if (end instanceof Inlined.Asks && method.equals(ServedMethods.COMPLETE)) {
      throw new RpcException(
          200,
          ErrorCode.INTERNAL_ERROR,
          "A completion handler asked its client a question, which is not allowed.");
    }
    return end;
  }

  private static ObjectNode result(String method, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> Json.object(answered.json());
      case Outcome.Refused refused -> throw new RpcException(200, ToolResults.error(refused));
      case Outcome.Failed failed -> throw failed(method, failed.error());
      case Outcome.GivenUp givenUp -> throw failed(method, givenUp.error());
      // Only a disconnect cancels the call, so no client reads this message.
      case Outcome.Cancelled _ ->
          throw new RpcException(200, ErrorCode.INTERNAL_ERROR, method + " was cancelled.");
    };
  }

  private static RpcException failed(String method, JobError error) {
    ObjectNode data = Replies.object().put("code", error.code()).put("type", error.type());
    return new RpcException(
        200, new RpcError(ErrorCode.INTERNAL_ERROR, method + " failed: " + error.message(), data));
  }

  /** Private, since a resource's content may depend on the caller. */
  private ObjectNode cacheable(Call call, ObjectNode result) {
    return call.dialect().cacheable(result, resourceTtl, false);
  }

  private void answer(Call call, ObjectNode result) {
    call.reply().finish(200, Replies.result(call.id(), call.dialect().complete(result)));
  }
}
