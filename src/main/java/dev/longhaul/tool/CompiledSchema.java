package dev.longhaul.tool;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A tool's schema, compiled once. JSON Schema 2020-12 unless {@code $schema} says otherwise; a
 * {@code $ref} to another document is never fetched (server/tools, Security).
 *
 * <p>Not the SDK's validator: that one caches by hash code and accepts invalid input on a
 * collision.
 */
final class CompiledSchema {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry
                  .schemaCacheEnabled(false)
                  .schemaLoader(loader -> loader.fetchRemoteResources(false))
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder()
                          .locale(Locale.ENGLISH)
                          .pathType(PathType.JSON_POINTER)
                          .build()));
  private static final int MAX_VIOLATIONS = 50;

  private final Schema schema;

  CompiledSchema(JsonNode source) {
    this.schema = REGISTRY.getSchema(source);
    schema.initializeValidators();
  }

  List<Violation> violations(JsonNode instance) {
    return schema.validate(instance).stream()
        .limit(MAX_VIOLATIONS)
        .map(CompiledSchema::violation)
        .toList();
  }

  private static Violation violation(Error error) {
    return new Violation(error.getInstanceLocation().toString(), error.getMessage());
  }
}
