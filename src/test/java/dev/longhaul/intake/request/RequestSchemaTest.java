package dev.longhaul.intake.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.job.Priority;
import dev.longhaul.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schemas of requests: validation, binding, and use in documents. */
class RequestSchemaTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          job.json    | {}                                         | /params required: an object & /method required: the MCP method
          job.json    | {'tool':'a','params':{}}                   | /params give tool and arguments, or method and params
          job.json    | {'tool':'a','priorty':'high'}              | /priorty unknown; did you mean "priority"?
          job.json    | {'tool':'a','priority':'soon'}             | /priority must be urgent, high, default, low
          job.json    | {'tool':'a','priority':1001}               | /priority must be urgent, high, default, low
          job.json    | {'tool':'a','rate':'fast'}                 | /rate must be calls per time
          job.json    | {'tool':'a','run_at':'2026-13-01T00:00:00Z'} | /run_at must be a time of RFC 3339
          job.json    | {'tool':'a','run_at':'x','retry_until':5}  | /run_at must be a time & /retry_until must be a time
          job.json    | {'tool':'a','backoff_seconds':[1,'2']}     | /backoff_seconds/1 must be a number
          job.json    | {'tool':'a','backoff_seconds':[]}          | /backoff_seconds must be a list
          job.json    | {'tool':'a','backoff_seconds':[4e8,-1]}    | /backoff_seconds/0 must be a number & /backoff_seconds/1 must be a number
          job.json    | {'tool':'a','notify':['a',7]}              | /notify must be a list of up to 10 names
          job.json    | {'tool':'a','metadata':{'a/b':1}}          | /metadata/a~1b must be a string
          job.json    | {'tool':'a','held':'yes'}                  | /held must be true or false
          job.json    | {'tool':'a','max_attempts':0}              | /max_attempts must be a whole number of 1 to 100
          job.json    | {'tool':'a','idempotency_key':' '}         | /idempotency_key must be a string of 1 to 255 characters
          batch.json  | {}                                         | needs either "jobs"
          batch.json  | {'nme':'a','queue':7,'notify':1}           | needs either "jobs" & /nme unknown; did you mean "name"? & /queue must be a string & /notify must be a list
          batch.json  | {'jobs':[],'chunk':{}}                     | /chunk give jobs, or chunk & /jobs must be a list
          batch.json  | {'jobs':[{}]}                              | /jobs/0 needs "tool" and "arguments"
          batch.json  | {'jobs':[{'held':true,'arguments':1,'rate':'x'}]} | /jobs/0 needs "tool" & /jobs/0/held the whole decides & /jobs/0/rate must be calls & /jobs/0/arguments must be an object
          batch.json  | {'jobs':[1]}                               | /jobs/0 must be an object
          batch.json  | {'jobs':[{'tool':'a','held':true}]}        | /jobs/0/held the whole decides
          batch.json  | {'jobs':[{'tool':'a'}],'then':[{'a':1}]}   | /then/0 needs "tool" & /then/0/a unknown
          batch.json  | {'chunk':{'tool':'a','list':'b','size':0}} | /chunk/size must be a whole number above 0
          chain.json  | {'steps':[{'tool':'a','run_at':'x'}]}      | /steps/0/run_at this job starts when its turn comes
          chain.json  | {'steps':[{'tool':'a'}],'allow_failures':true} | /allow_failures a chain cannot
          """)
  void whatIsWrongIsNamedWithItsPlaceAndTheRemedy(String file, String request, String expected) {
    List<String> found =
        RequestSchema.of(file).violations(json(request)).stream()
            .map(v -> (v.path() + " " + v.message()).strip())
            .toList();
    String[] wanted = expected.split(" & ");
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found.get(i)).startsWith(wanted[i]);
    }
  }

  @Test
  void aRequestIsBoundAndNullIsAsLeftOut() {
    JobOptions options =
        RequestSchema.of("job.json")
            .read(
                json(
                    """
                    {'tool': 'a', 'arguments': {'x': null}, 'priority': '5', 'delay_seconds': 0.5,
                     'run_at': '2026-12-24T18:00:00+01:00', 'max_attempts': 2.0, 'rate': null,
                     'backoff_seconds': [1], 'metadata': {'a': 'b'}, 'held': true, 'notify': null}
                    """),
                JobOptions.class,
                RequestSchemaTest::unexpected);
    assertThat(options.start().delay()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.start().runAt()).isEqualTo(Instant.parse("2026-12-24T17:00:00Z"));
    assertThat(options.attempts().backoff()).containsExactly(Duration.ofSeconds(1));
    assertThat(options.attempts().max()).isEqualTo(2);
    assertThat(options.metadata()).containsEntry("a", "b");
    assertThat(options.start().held()).isTrue();
    assertThat(options.channels()).isEmpty();
    assertThat(options.rate()).isNull();
  }

  @Test
  void whatTheSchemaTakesAndARecordCannotHoldIsRefusedByItsPlaceInPlainWords() {
    assertThatThrownBy(() ->
            RequestSchema.of("batch.json")
                .read(
                    json(
                        "{'jobs': [{'tool': 'a'}, {'tool': 'b', 'run_at': '1990-12-31T23:59:60Z'}]}"),
                    FlowTimes.class,
                    RequestSchemaTest::unexpected))
        .hasMessage(
            "[Violation[path=/jobs/1/run_at, message=must be a time of RFC 3339, such as"
                + " \"2026-12-24T18:00:00Z\"]]");
  }

  private record FlowTimes(List<Times> jobs) {}

  private record Times(@JsonUnwrapped JobOptions options) {}

  @ParameterizedTest
  @CsvSource({"124.0, 124", "1.2e2, 120", "-7, -7"})
  void aWholeNumberIsTakenInEveryWayThatJsonWritesIt(String written, int priority) {
    JobOptions options =
        RequestSchema.of("job.json")
            .read(
                json("{'tool': 'a', 'priority': " + written + ", 'max_attempts': 2.0}"),
                JobOptions.class,
                RequestSchemaTest::unexpected);
    assertThat(options.priority()).isEqualTo(new Priority(priority));
  }

  @Test
  void everyOptionOfTheSchemaReachesTheJob() {
    JsonNode options = RequestSchema.of("call-options.json").whole().path("properties");
    assertThat(options.size()).isGreaterThan(10);
    options
        .properties()
        .forEach(entry -> {
          ObjectNode one = json("{}").set(entry.getKey(), example(entry.getValue()));
          JobOptions read =
              RequestSchema.of("call-options.json")
                  .read(one, JobOptions.class, RequestSchemaTest::unexpected);
          // repeat is an option of the call itself.
          if (!entry.getKey().equals("repeat")) {
            assertThat(read).as(one.toString()).isNotEqualTo(JobOptions.NONE);
          }
        });
  }

  @Test
  void aBatchAndAChainHaveTheOptionsOfAJobExceptThoseThatTheWholeDecides() {
    Set<String> job = names("job.json");
    assertThat(names("flow-job.json"))
        .containsExactlyInAnyOrderElementsOf(without(job, "held", "idempotency_key", "queue"));
    assertThat(names("later-job.json"))
        .containsExactlyInAnyOrderElementsOf(
            without(names("flow-job.json"), "run_at", "retry_until"));
    assertThat(names("chunk.json"))
        .containsAll(names("flow-job.json"))
        .contains("list", "size")
        .hasSize(names("flow-job.json").size() + 2);
  }

  @Test
  void theApiDescriptionAndTheToolsHaveEveryFieldOfTheSchemas() {
    for (String file : List.of("job.json", "batch.json", "chain.json", "flow-job.json")) {
      Map<String, ObjectNode> components = RequestSchema.of(file).forOpenApi();
      Set<String> described = new TreeSet<>();
      ObjectNode first = components.values().iterator().next();
      described.addAll(first.path("properties").propertyNames());
      for (JsonNode form : first.path("oneOf")) {
        String reference = form.path("$ref").asString();
        ObjectNode component =
            Objects.requireNonNull(
                components.get(reference.substring("#/components/schemas/".length())), reference);
        assertThat(component.path("additionalProperties").booleanValue(true)).isFalse();
        described.addAll(component.path("properties").propertyNames());
      }
      assertThat(described).as(file).isEqualTo(names(file));
    }
    assertThat(new TreeSet<>(shown("batch.json").propertyNames())).isEqualTo(names("batch.json"));
    assertThat(new TreeSet<>(shown("chain.json").propertyNames())).isEqualTo(names("chain.json"));
    // Models only call tools; other methods are for programs.
    assertThat(new TreeSet<>(shown("batch.json").at("/jobs/items/properties").propertyNames()))
        .isEqualTo(without(names("flow-job.json"), "method", "params"));
    assertThat(new TreeSet<>(shown("batch.json").at("/chunk/properties").propertyNames()))
        .isEqualTo(without(names("chunk.json"), "method", "params"));
    assertThat(new TreeSet<>(shown("chain.json").at("/steps/items/properties").propertyNames()))
        .isEqualTo(without(names("later-job.json"), "method", "params"));
  }

  private static JsonNode shown(String file) {
    return RequestSchema.of(file).forModels("CallbackRequest").path("properties");
  }

  private static Set<String> names(String file) {
    ObjectNode whole = RequestSchema.of(file).whole();
    Set<String> names = new TreeSet<>(whole.path("properties").propertyNames());
    whole.path("oneOf").forEach(form -> names.addAll(form.path("properties").propertyNames()));
    return names;
  }

  private static Set<String> without(Set<String> names, String... some) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeAll(List.of(some));
    return rest;
  }

  private static JsonNode example(JsonNode schema) {
    if (schema.has("examples")) {
      return schema.path("examples").path(0);
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    return JsonMapper.shared()
        .readTree(
            switch (schema.path("type").asString()) {
              case "boolean" -> "true";
              case "string" -> "\"x\"";
              default -> "2";
            });
  }

  private static RuntimeException unexpected(List<Violation> violations) {
    return new IllegalStateException(violations.toString());
  }

  private static ObjectNode json(String text) {
    JsonNode node = JsonMapper.shared().readTree(text.replace('\'', '"'));
    return (ObjectNode) node;
  }
}
