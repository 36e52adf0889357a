package dev.longhaul.schema;

import dev.longhaul.testing.Tools;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.JsonNode;

/** {@code make bench-jmh}: the validation of a call's arguments. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CompiledSchemaBenchmark {
  private final CompiledSchema schema =
      new CompiledSchema(
          Tools.object(
              """
              {"type": "object", "required": ["url", "depth"], "additionalProperties": false,
               "properties": {
                 "url": {"type": "string", "pattern": "^https?://", "maxLength": 2000},
                 "depth": {"type": "integer", "minimum": 0, "maximum": 10},
                 "format": {"enum": ["text", "html"]},
                 "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 20}}}
              """));
  private final JsonNode valid =
      Tools.object(
          "{\"url\":\"https://example.com/a\",\"depth\":3,\"format\":\"text\",\"tags\":[\"a\",\"b\"]}");
  private final JsonNode invalid = Tools.object("{\"url\":\"ftp://example.com/a\",\"depth\":30}");

  @Benchmark
  public List<Violation> valid() {
    return schema.violations(valid);
  }

  @Benchmark
  public List<Violation> invalid() {
    return schema.violations(invalid);
  }
}
