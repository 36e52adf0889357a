package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.job.Waiting;
import dev.longhaul.mcp.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Structured content must match the schema of tools/list, because clients validate it. */
class OperationSchemaTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final String OWN =
      """
      {"type": "object", "$defs": {"row": {"type": "integer"}},
       "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}},
       "required": ["rows"], "additionalProperties": false}
      """;
  private static final String OPERATION =
      """
      {"operation_id": "x", "status": "running", "status_url": "http://localhost/x",
       "next": {"tool": "continue_operation", "arguments": {}}}
      """;

  @Test
  void bothTheToolsOwnResultAndAnOperationFit() {
    ObjectNode wide = OperationSchema.widened(Json.object(OWN)).orElseThrow();
    assertThat(fits(wide, "{\"rows\": [1, 2]}")).isTrue();
    assertThat(fits(wide, OPERATION)).isTrue();
    assertThat(fits(wide, "{\"rows\": [\"a\"]}")).isFalse();
    assertThat(fits(wide, "{}")).isFalse();
    assertThat(wide.path("type").asString()).isEqualTo("object");
  }

  @Test
  void aSchemaThatAlreadyTakesAnOperationIsOnlyToldOfIt() {
    ObjectNode own =
        Json.object(
            """
            {"type": "object", "$defs": {"row": {"type": "integer"}},
             "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}}}
            """);
    ObjectNode wide = OperationSchema.widened(own).orElseThrow();
    ObjectNode properties = (ObjectNode) wide.remove("properties");
    assertThat(properties.remove("operation_id").path("type").asString()).isEqualTo("string");
    assertThat(properties.remove("next").path("type").asString()).isEqualTo("object");
    assertThat(properties).isEqualTo(own.remove("properties"));
    assertThat(wide).isEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"object\", \"properties\": {\"status\": {\"type\": \"integer\"}}}",
        "{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}",
        "{\"type\": \"object\", \"properties\": {}, \"maxProperties\": 1}"
      })
  void aSchemaThatAnOperationWouldBreakHasItBesideItself(String own) {
    ObjectNode wide = OperationSchema.widened(Json.object(own)).orElseThrow();
    assertThat(fits(wide, OPERATION)).isTrue();
    assertThat(wide.path("anyOf").size()).isEqualTo(2);
  }

  @Test
  void everyFieldOfAnOperationIsOneThatNoToolsSchemaMayName() {
    ObjectNode view =
        OperationView.of(everything(), Optional.of(NOW), List.of(), "http://localhost", 30);
    OperationView.addPartial(view, new Partial("1", 1L, 2L));
    ObjectNode cut =
        new ResultTruncation(10)
            .of(
                JobId.create(0, 0),
                new Outcome.Answered(
                    "{\"structuredContent\":{\"rows\":\"" + "x".repeat(100) + "\"}}", false));
    view.setAll((ObjectNode) cut.path("structuredContent"));
    assertThat(view.propertyNames()).hasSizeGreaterThan(15);
    for (String field : view.propertyNames()) {
      ObjectNode own = Json.object("{\"type\": \"object\", \"properties\": {}}");
      ((ObjectNode) own.path("properties")).putObject(field).put("type", "null");
      ObjectNode wide = OperationSchema.widened(own).orElseThrow();
      assertThat(fits(wide, view.toString())).as(field).isTrue();
    }
  }

  private static Job everything() {
    return new Job(
        JobId.create(0, 0),
        new JobSpec(
            "tools/call",
            "greet",
            "local",
            "default",
            Priority.DEFAULT,
            Duration.ofMinutes(1),
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
            Map.of()),
        JobState.SCHEDULED,
        new Progress(0.5, "half of it"),
        new JobTimes(NOW, NOW, NOW, NOW, NOW, NOW, null),
        2,
        List.of(
            new JobAttempt(1, NOW, NOW, "here", new JobAttempt.Failure("CODE", "message"))
                .with(List.of(new Checkpoints.Step("reading", 1, Duration.ofMillis(20))))),
        new JobError("CODE", "type", "message", "remediation"),
        new Waiting(Waiting.Reason.CONCURRENCY, null, 1),
        JobLinks.NONE,
        true,
        0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/properties/b\"},\"b\":{}}}",
        "{\"type\":\"object\",\"$defs\":{\"a\":{\"$ref\":\"other.json\"}}}",
        "{\"$id\":\"https://example.com/a\",\"type\":\"object\"}"
      })
  void aSchemaWhoseReferencesWouldChangeTheirMeaningIsNotWidened(String own) {
    assertThat(OperationSchema.widened(Json.object(own))).isEmpty();
  }

  private static boolean fits(ObjectNode schema, String json) {
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.toString(), InputFormat.JSON);
    return compiled.validate(json, InputFormat.JSON).isEmpty();
  }
}
