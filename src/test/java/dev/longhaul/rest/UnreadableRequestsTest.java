package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.rest.RestClient.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Requests that the container or Spring MVC cannot read give a status 4xx. */
class UnreadableRequestsTest extends RestFixture {
  @Autowired private RequestMappingHandlerMapping requestMappingHandlerMapping;

  @Test
  void aParameterWithoutANameIsABadRequestOnEveryOperation() {
    for (Operation operation : operations()) {
      Answer answer = operation.send(rest, "?=x", "application/json");

      assertThat(answer.status()).as(operation.toString()).isEqualTo(400);
      assertThat(answer.type()).as(operation.toString()).isEqualTo("invalid-request");
    }
  }

  @Test
  void aFormWithoutABoundaryIsAnUnsupportedMediaTypeOnEveryOperation() {
    for (Operation operation : operations()) {
      Answer answer = operation.send(rest, "", "multipart/form-data");

      assertThat(answer.status()).as(operation.toString()).isEqualTo(415);
      assertThat(answer.type()).as(operation.toString()).isEqualTo("unsupported-media-type");
    }
  }

  @Test
  void whatTheWebServerCannotReadIsABadRequestWithTheBounds() {
    String tooLong = "a".repeat(9_000);
    for (HttpRequest.Builder request :
        List.of(
            rest.request("/api/v1/jobs?tool=" + tooLong),
            rest.request("/api/v1/jobs").header("X-Long", tooLong))) {
      Answer answer = rest.send(request);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.type()).isEqualTo("invalid-request");
      assertThat(answer.json().path("detail").asString())
          .contains("8192 bytes", "server.max-http-request-header-size");
    }
  }

  @Test
  void aMessageToAnAddressThatCannotBeReadIsABadRequest() {
    Answer answer = rest.post("/messages?=x", "{\"jsonrpc\":\"2.0\",\"method\":\"x\"}");

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
  }

  private record Operation(RequestMethod method, String path) implements Comparable<Operation> {
    Answer send(RestClient rest, String query, String type) {
      return rest.send(
          rest.request(
                  path.replaceAll("\\{kind:[^}]*}", "jobs").replaceAll("\\{[^}]*}", "x") + query)
              .header("Content-Type", type)
              .method(
                  method.name(),
                  method == RequestMethod.POST
                      ? BodyPublishers.ofString("{}")
                      : BodyPublishers.noBody()));
    }

    @Override
    public int compareTo(Operation other) {
      return toString().compareTo(other.toString());
    }
  }

  private List<Operation> operations() {
    var found = new TreeSet<Operation>();
    requestMappingHandlerMapping
        .getHandlerMethods()
        .keySet()
        .forEach(mapping -> {
          for (String path : mapping.getPatternValues()) {
            for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
              if (path.startsWith("/api/v1/")) {
                found.add(new Operation(method, path));
              }
            }
          }
        });
    assertThat(found).hasSizeGreaterThan(25);
    return List.copyOf(found);
  }
}
