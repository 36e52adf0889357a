package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes the records of answers: every field is required, and a {@code @Nullable} one may be
 * null. Only in a record that leaves nulls out is a {@code @Nullable} field not required.
 */
final class AnswerSchemas implements ModelConverter {
  private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> resolved = chain.next().resolve(type, context, chain);
    JavaType java = Json.mapper().constructType(type.getType());
    if (java != null
        && java.isRecordType()
        && java.getRawClass().getPackageName().startsWith("dev.longhaul.")) {
      Schema<?> model = context.getDefinedModels().get(name(java.getRawClass()));
      if (model != null && model.getRequired() == null) {
        complete(model, java.getRawClass());
      }
    }
    return resolved;
  }

  private static String name(Class<?> type) {
    var named = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    return named == null || named.name().isEmpty() ? type.getSimpleName() : named.name();
  }

  @SuppressWarnings("rawtypes") // as the library has them
  private static void complete(Schema<?> model, Class<?> record) {
    JsonInclude include = record.getAnnotation(JsonInclude.class);
    boolean leavesOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
    List<String> required = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
      String name = property == null ? SNAKE_CASE.translate(component.getName()) : property.value();
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (!(nullable && leavesOut)) {
        required.add(name);
      }
      Map<String, Schema> properties = model.getProperties();
      Schema described = Objects.requireNonNull(properties.get(name), name);
      if (isJson(component)) {
        properties.put(name, new JsonSchema().description(described.getDescription()));
      } else if (nullable && !leavesOut) {
        properties.put(name, orNull(described));
      }
    }
    model.setRequired(required);
  }

  private static boolean isJson(RecordComponent component) {
    return JsonNode.class.isAssignableFrom(component.getType())
        || component.getAccessor().isAnnotationPresent(JsonRawValue.class);
  }

  @SuppressWarnings("rawtypes") // as the library has them
  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() == null) {
      Set<String> types = new LinkedHashSet<>(schema.getTypes());
      types.add("null");
      schema.setTypes(types);
      return schema;
    }
    Schema reference = new JsonSchema().$ref(schema.get$ref());
    Schema none = new JsonSchema().types(Set.of("null"));
    Schema<?> either = new JsonSchema();
    either.setDescription(schema.getDescription());
    either.setOneOf(List.of(reference, none));
    return either;
  }
}
