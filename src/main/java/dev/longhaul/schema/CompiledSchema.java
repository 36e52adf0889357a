package dev.longhaul.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.OutputFormat;
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
 * {@code $ref} to another document is never fetched (server/tools, Security), and both the schema
 * ({@link SchemaLimits}) and the work of checking a value ({@link ValidationBudget}) are bounded.
 *
 * <p>Not the SDK's validator: that one caches by hash code and accepts invalid input on a
 * collision.
 */
public final class CompiledSchema {
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
                          .regularExpressionFactory(ValidationBudget::pattern)
                          .build()));

  private final Schema schema;
  private final ExecutionConfig config;

  /**
   * Compiles a schema.
   *
   * @throws IllegalArgumentException if it is out of bounds, refers to what is not in it, or names
   *     an unknown dialect; the message says what to do
   */
  public CompiledSchema(JsonNode source) {
    SchemaLimits.check(source);
    this.schema = REGISTRY.getSchema(source);
    schema.initializeValidators();
    this.config = schema.createExecutionContext().getExecutionConfig();
  }

  /** In how many ways the value breaks the schema; it does too if nobody can tell in time. */
  public List<Violation> violations(JsonNode instance) {
    return violations(instance, new ValidationBudget());
  }

  /** The same with a budget that is looked at afterwards. */
  public List<Violation> violations(JsonNode instance, ValidationBudget budget) {
    budget.setExecutionConfig(config);
    List<Error> errors = budget.found();
    try {
      budget.spend(() -> schema.validate(budget, instance, OutputFormat.DEFAULT));
    } catch (ValidationBudget.EnoughException e) {
      // More would be left out of the answer: the rest of the value is not looked at.
      return violations(errors);
    } catch (ValidationBudget.SpentException e) {
      return uncheckable(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      // A schema that refers to itself without taking a step into the value, or a pattern that
      // goes one call deeper for each character.
      return uncheckable("it goes too deep");
    }
    return violations(errors);
  }

  private static List<Violation> violations(List<Error> errors) {
    return errors.stream().limit(Violations.MOST).map(CompiledSchema::violation).toList();
  }

  private static List<Violation> uncheckable(String why) {
    return List.of(new Violation("", "cannot be checked against the schema: " + why));
  }

  private static Violation violation(Error error) {
    return new Violation(error.getInstanceLocation().toString(), error.getMessage());
  }
}
