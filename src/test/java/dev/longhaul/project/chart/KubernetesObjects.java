package dev.longhaul.project.chart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Objects as the API server takes them with strict validation: kinds of Kubernetes are read into
 * fabric8's classes, others are held against the schemas in src/test/resources/crd. A field that
 * does not exist is an error in both.
 */
final class KubernetesObjects {
  private static final Path SCHEMAS = Path.of("src", "test", "resources", "crd");
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/Pod", Pod.class,
          "v1/Secret", Secret.class,
          "v1/Service", Service.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "apps/v1/Deployment", Deployment.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "networking.k8s.io/v1/Ingress", Ingress.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);
  private static final JsonMapper JSON = strict();
  private static final Map<String, Schema> CUSTOM = custom();

  private KubernetesObjects() {}

  /** What is wrong with an object; empty if nothing is. */
  static List<String> errors(Map<?, ?> object) {
    String kind = object.get("apiVersion") + "/" + object.get("kind");
    Class<?> type = KINDS.get(kind);
    if (type != null) {
      try {
        var _ = JSON.convertValue(object, type);
        return List.of();
      } catch (IllegalArgumentException e) {
        return List.of(String.valueOf(e.getMessage()));
      }
    }
    Schema schema = CUSTOM.get(kind);
    if (schema == null) {
      return List.of("no schema for " + kind);
    }
    try {
      return schema.validate(JSON.writeValueAsString(object), InputFormat.JSON).stream()
          .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonMapper strict() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // fabric8's classes would keep fields that they do not know.
            .annotationIntrospector(
                new JacksonAnnotationIntrospector() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public Boolean hasAnySetter(Annotated member) {
                    return false;
                  }
                })
            .build();
    // A number or a truth value is no text, in an annotation or a variable for instance.
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    mapper
        .coercionConfigFor(LogicalType.Integer)
        .setCoercion(CoercionInputShape.String, CoercionAction.Fail);
    mapper
        .coercionConfigFor(LogicalType.Boolean)
        .setCoercion(CoercionInputShape.String, CoercionAction.Fail);
    return mapper;
  }

  private static Map<String, Schema> custom() {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    Map<String, Schema> schemas = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      for (Path file : files.toList()) {
        Map<?, ?> crd = Chart.read(file);
        Object schema = closed(Chart.at(crd, "schema"));
        schemas.put(
            crd.get("group") + "/" + crd.get("version") + "/" + crd.get("kind"),
            registry.getSchema(JSON.writeValueAsString(schema), InputFormat.JSON));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return schemas;
  }

  /** The schema, with no properties but those it names: the API server refuses or drops others. */
  private static Object closed(Object schema) {
    return switch (schema) {
      case Map<?, ?> map -> {
        Map<Object, Object> closed = new LinkedHashMap<>();
        map.forEach((key, value) -> closed.put(key, closed(value)));
        boolean names = map.get("properties") instanceof Map<?, ?>;
        boolean open = map.containsKey("x-kubernetes-preserve-unknown-fields");
        if (names && "object".equals(map.get("type")) && !open) {
          closed.putIfAbsent("additionalProperties", false);
        }
        yield closed;
      }
      case List<?> list -> list.stream().map(KubernetesObjects::closed).toList();
      default -> schema;
    };
  }
}
