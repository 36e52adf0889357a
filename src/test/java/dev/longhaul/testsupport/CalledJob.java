package dev.longhaul.testsupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job that has ended, as {@link LonghaulClient} has read it over REST. */
public final class CalledJob {
  private final JsonNode job;
  private final JsonNode document;
  private final JsonMapper json;

  CalledJob(JsonNode job, JsonNode document, JsonMapper json) {
    this.job = job;
    this.document = document;
    this.json = json;
  }

  /** Its id. */
  public String id() {
    return job.path("id").asString();
  }

  /** {@code completed}, {@code failed}, {@code cancelled} or {@code dead}. */
  public String state() {
    return job.path("state").asString();
  }

  /** The job as {@code GET /api/v1/jobs/{id}} shows it. */
  public JsonNode job() {
    return job;
  }

  /** What {@code GET /api/v1/jobs/{id}/result} answers, whatever the state. */
  public JsonNode document() {
    return document;
  }

  /**
   * The tool's result, a CallToolResult.
   *
   * @throws AssertionError if it has none; the message says why
   */
  public JsonNode result() {
    if (!state().equals("completed")) {
      throw new AssertionError("Job " + id() + " is " + state() + ": " + document);
    }
    return document;
  }

  /** All texts of the result, one under the other. */
  public String text() {
    return ResultTexts.of(result());
  }

  /** The result's structured content; a missing node if it has none. */
  public JsonNode structured() {
    return result().path("structuredContent");
  }

  /** The result's structured content as an object. */
  public <T> T structured(Class<T> type) {
    return json.treeToValue(structured(), type);
  }

  /** Whether the result says that it is an error. */
  public boolean isError() {
    return result().path("isError").asBoolean(false);
  }

  /** The code of the error of a job that did not complete; empty if it did. */
  public String errorCode() {
    return document.path("error").path("code").asString("");
  }
}
