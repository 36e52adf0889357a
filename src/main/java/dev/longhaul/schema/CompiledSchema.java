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
import java.util.Objects;
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

  /**
   * One way in which a value breaks the schema.
   *
   * @param path JSON Pointer to the place in the value
   * @param scope JSON Pointer to the part of the schema that it breaks
   * @param keyword what of that part
   * @param property the name that is missing or not allowed; empty if it is not that
   * @param message what is wrong, in the words of the validator
   */
  public record Breach(
      String path, String scope, String keyword, String property, String message) {}

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
   * @throws IllegalArgumentException if it exceeds a bound, has an unresolved reference, or names
   *     an unknown dialect; the message says what to do
   */
  public CompiledSchema(JsonNode source) {
    this(source, false);
  }

  /**
   * Compiles a schema.
   *
   * @param formats whether values are checked against the schema's formats; else those are only
   *     hints
   * @throws IllegalArgumentException as above
   */
  public CompiledSchema(JsonNode source, boolean formats) {
    SchemaLimits.check(source);
    this.schema = REGISTRY.getSchema(source);
    schema.initializeValidators();
    this.config =
        ExecutionConfig.builder(schema.createExecutionContext().getExecutionConfig())
            .formatAssertionsEnabled(formats)
            .build();
  }

  /** The violations of a value. A value that takes too long to check gives a single one. */
  public List<Violation> violations(JsonNode instance) {
    return violations(instance, new ValidationBudget());
  }

  /** The same with a budget of the caller. */
  public List<Violation> violations(JsonNode instance, ValidationBudget budget) {
    return breaches(instance, budget).stream()
        .map(breach -> new Violation(breach.path(), breach.message()))
        .toList();
  }

  /** The same with the part of the schema that is broken, at most {@link Violations#MOST}. */
  public List<Breach> breaches(JsonNode instance) {
    return breaches(instance, new ValidationBudget());
  }

  private List<Breach> breaches(JsonNode instance, ValidationBudget budget) {
    budget.setExecutionConfig(config);
    List<Error> errors = budget.found();
    try {
      budget.spend(() -> schema.validate(budget, instance, OutputFormat.DEFAULT));
    } catch (ValidationBudget.EnoughException e) {
      // More errors would not be answered, so the rest of the value is not checked.
      return breaches(errors);
    } catch (ValidationBudget.SpentException e) {
      return uncheckable(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      // A schema that refers to itself without descending into the value, or a pattern that
      // recurses
      // for each character.
      return uncheckable("it goes too deep");
    }
    return breaches(errors);
  }

  private static List<Breach> breaches(List<Error> errors) {
    return errors.stream().limit(Violations.MOST).map(CompiledSchema::breach).toList();
  }

  private static List<Breach> uncheckable(String why) {
    return List.of(new Breach("", "", "", "", "cannot be checked against the schema: " + why));
  }

  private static Breach breach(Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    return new Breach(
        error.getInstanceLocation().toString(),
        keyword.substring(0, Math.max(0, keyword.lastIndexOf('/'))),
        error.getKeyword(),
        Objects.requireNonNullElse(error.getProperty(), ""),
        error.getMessage());
  }
}
