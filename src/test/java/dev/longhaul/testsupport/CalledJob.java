package dev.longhaul.testsupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An ended job, read over REST by {@link LonghaulClient}. */
public final class CalledJob {
  private final JsonNode job;
  private final JsonNode document;
  private final JsonMapper json;

  CalledJob(JsonNode job, JsonNode document, JsonMapper json) {
    this.job = job;
    this.document = document;
    this.json = json;
  }

  /** The job's id. */
  public String id() {
    return job.path("id").asString();
  }

  /** {@code completed}, {@code failed}, {@code cancelled} or {@code dead}. */
  public String state() {
    return job.path("state").asString();
  }

  /** The response of {@code GET /api/v1/jobs/{id}}. */
  public JsonNode job() {
    return job;
  }

  /** The response of {@code GET /api/v1/jobs/{id}/result}, in any state. */
  public JsonNode document() {
    return document;
  }

  /**
   * The tool's result, a CallToolResult.
   *
   * @throws AssertionError if the job has no result; the message says why
   */
  public JsonNode result() {
    if (!state().equals("completed")) {
      throw new AssertionError("Job " + id() + " is " + state() + ": " + document);
    }
    return document;
  }

  /** All texts of the result, joined by line breaks. */
  public String text() {
    return ResultTexts.of(result());
  }

  /** The structured content of the result; a missing node if it has none. */
  public JsonNode structured() {
    return result().path("structuredContent");
  }

  /** The structured content of the result as an object. */
  public <T> T structured(Class<T> type) {
    return json.treeToValue(structured(), type);
  }

  /** Whether the result has {@code isError}. */
  public boolean isError() {
    return result().path("isError").asBoolean(false);
  }

  /** The error code of a job that did not complete; empty if it did. */
  public String errorCode() {
    return document.path("error").path("code").asString("");
  }
}
