package dev.longhaul.rest;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The texts of the OpenAPI document ({@code /openapi/operations.yaml}).
 *
 * @param parameters the description and schema of each parameter, by name
 * @param operations the description of each operation, by the name of its method
 */
record DescribedWords(Map<String, Parameter> parameters, Map<String, Operation> operations) {

  static DescribedWords read() {
    try (InputStream in = DescribedWords.class.getResourceAsStream("/openapi/operations.yaml")) {
      return Yaml31.mapper().readValue(in, DescribedWords.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the description of a parameter. */
  void describe(Parameter parameter) {
    Parameter words = parameters.get(parameter.getName());
    if (words != null && words.getIn().equals(parameter.getIn())) {
      parameter.setDescription(words.getDescription());
      if (words.getSchema() != null) {
        parameter.setSchema(words.getSchema());
      }
    }
  }

  /** Adds the description of an operation. */
  void describe(Operation operation) {
    Operation words = operations.get(operation.getOperationId());
    if (words != null) {
      operation.summary(words.getSummary()).description(words.getDescription());
      if (words.getResponses() != null) {
        operation.getResponses().putAll(words.getResponses());
      }
    }
  }
}
