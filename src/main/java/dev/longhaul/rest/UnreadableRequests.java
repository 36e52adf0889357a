package dev.longhaul.rest;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Responds with a problem document, instead of Tomcat's HTML page, when Tomcat refuses a request
 * that it cannot read before it reaches an application.
 */
final class UnreadableRequests extends ErrorReportValve {
  private static final Logger log = LoggerFactory.getLogger(UnreadableRequests.class);

  private final JsonMapper json = JsonMapper.builder().build();
  private final String detail;

  /**
   * @param mostBytes how long the first line and the headers of a request may be together
   */
  UnreadableRequests(long mostBytes) {
    this.detail =
        "The request cannot be read. Its first line and its headers have at most "
            + mostBytes
            + " bytes together (server.max-http-request-header-size), and what is special in its"
            + " path and query is percent-encoded.";
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    if (response.getStatus() != HttpStatus.BAD_REQUEST.value()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    try {
      response
          .getOutputStream()
          .write(json.writeValueAsBytes(Problem.of(ProblemType.INVALID_REQUEST, detail)));
    } catch (IOException e) {
      log.debug("The client is gone before it could be told that its request cannot be read");
    }
  }
}
