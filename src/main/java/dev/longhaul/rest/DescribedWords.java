package dev.longhaul.rest;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The words of the API description ({@code /openapi/operations.yaml}).
 *
 * @param parameters what each parameter means, by name
 * @param operations what each operation is for, by the name of its method
 */
record DescribedWords(Map<String, String> parameters, Map<String, Operation> operations) {

  static DescribedWords read() {
    try (InputStream in = DescribedWords.class.getResourceAsStream("/openapi/operations.yaml")) {
      return Yaml31.mapper().readValue(in, DescribedWords.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds to an operation what is said of it. */
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
