package dev.longhaul.mcp.primitive;

import dev.longhaul.catalog.ResourceUri;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.OperationView;
import dev.longhaul.mcp.delivery.ToolResults;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves a caller's jobs as resources: {@code longhaul://jobs/{id}} is the operation, {@code
 * longhaul://jobs/{id}/result} its result in pages. Jobs of other owners are unknown resources.
 */
public final class JobResources {
  static final String SCHEME = "longhaul:";
  static final String JOB = "longhaul://jobs/{id}";
  static final String RESULT = "longhaul://jobs/{id}/result{?offset,limit,pointer}";

  /**
   * The largest page in bytes before it is escaped as text; some clients accept no event over 1
   * MiB.
   */
  private static final long ROOM = 400_000;

  /** Both templates. */
  static final Set<String> TEMPLATES = Set.of(JOB, RESULT);

  private static final UriTemplate JOB_TEMPLATE = UriTemplate.of(JOB);
  private static final UriTemplate RESULT_TEMPLATE = UriTemplate.of(RESULT);

  private final Operations operations;

  JobResources(Operations operations) {
    this.operations = operations;
  }

  /** Their entries in resources/templates/list. */
  public static List<ObjectNode> descriptions() {
    return List.of(
        describe(
            JOB,
            "operation",
            "An operation",
            "Status, progress and next step of an operation of yours, by its operation_id."),
        describe(
            RESULT,
            "operation-result",
            "The result of an operation",
            "The result of a finished operation as JSON text, in pages: offset and limit count"
                + " characters; has_more and next_offset say how to go on. pointer, a JSON Pointer"
                + " such as /structuredContent/data/rows, names an array (then offset and limit"
                + " count its elements) or a text in it to page instead."));
  }

  /**
   * Reads such a resource.
   *
   * @return a ReadResourceResult
   * @throws RpcException if the URI has no resource or the requested page is invalid
   */
  ObjectNode read(Call call, String uri) {
    Map<String, String> result = RESULT_TEMPLATE.match(uri).orElse(null);
    if (result != null) {
      return contents(uri, result(call, uri, result));
    }
    Map<String, String> job = JOB_TEMPLATE.match(uri).orElseThrow(() -> unknown(uri));
    return contents(uri, operation(call, job(call, uri, job)));
  }

  // The code is that of 2025-11-25; see Dialect.error.
  private static RpcException unknown(String uri) {
    return new RpcException(
        200,
        new RpcError(
            ErrorCode.RESOURCE_NOT_FOUND, ResourceUri.unknown(uri), ResourceUri.data(uri)));
  }

  private ObjectNode operation(Call call, Job job) {
    return OperationView.of(
        job,
        operations.estimatedCompletion(job),
        operations.questions(call.caller(), job),
        call.sender().baseUrl(),
        OperationView.WAIT_SECONDS);
  }

  private Job job(Call call, String uri, Map<String, String> values) {
    String id = values.getOrDefault("id", "");
    if (!JobId.isValid(id)) {
      throw unknown(uri);
    }
    try {
      return operations.job(call.caller(), new JobId(id));
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      throw unknown(uri);
    }
  }

  private ObjectNode result(Call call, String uri, Map<String, String> values) {
    int offset = number(uri, "offset", values.get("offset"), 0, 0, Integer.MAX_VALUE);
    String limit = values.get("limit");
    var asked =
        new ResultPage.Asked(
            pointer(uri, values.get("pointer")),
            offset,
            limit == null ? null : number(uri, "limit", limit, 0, 1, ResultPage.MOST));
    Job job = job(call, uri, values);
    ObjectNode page = Replies.object().put("operation_id", job.id().value());
    page.put("status", job.state().wire());
    if (!job.state().terminal()) {
      page.put("has_more", false);
      page.set("operation", operation(call, job));
      return page;
    }
    String text;
    try {
      text = ToolResults.document(operations.outcome(call.caller(), job));
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class, Refusal.ResultExpired.class);
      throw unknown(uri);
    }
    try {
      ResultPage.of(text, asked, ROOM).write(page);
    } catch (ResultPage.Refused e) {
      throw invalid(uri, e.field() + " " + e.getMessage() + ".");
    }
    return page;
  }

  private static @Nullable String pointer(String uri, @Nullable String raw) {
    try {
      return raw == null ? null : UriUtils.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid(uri, "pointer is not percent-encoded as URIs are.");
    }
  }

  private static int number(
      String uri, String name, @Nullable String text, int absent, int min, int max) {
    if (text == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw invalid(uri, name + " must be a whole number from " + min + " to " + max + ".");
  }

  private static RpcException invalid(String uri, String message) {
    return new RpcException(
        200, new RpcError(ErrorCode.INVALID_PARAMS, message, ResourceUri.data(uri)));
  }

  private static ObjectNode contents(String uri, ObjectNode document) {
    ObjectNode result = Replies.object();
    result
        .putArray("contents")
        .addObject()
        .put("uri", uri)
        .put("mimeType", "application/json")
        .put("text", Json.text(document));
    return result;
  }

  private static ObjectNode describe(String uri, String name, String title, String description) {
    return Replies.object()
        .put("uriTemplate", uri)
        .put("name", name)
        .put("title", title)
        .put("description", description)
        .put("mimeType", "application/json");
  }
}
