package dev.longhaul.catalog;

import dev.longhaul.tool.LonghaulTool;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Reads the settings of a {@link LonghaulTool} annotation, whose attributes have the names of the
 * components of {@link ToolSettings}.
 */
record AnnotatedSettings(SettingsSource source) {
  private static final String TOOL = "tool";

  ToolSettings of(LonghaulTool said) {
    Map<String, @Nullable Object> attributes = AnnotationUtils.getAnnotationAttributes(said);
    Map<String, Object> properties = new HashMap<>();
    for (RecordComponent component : ToolSettings.class.getRecordComponents()) {
      String attribute = component.getName();
      List<Object> values = values(Objects.requireNonNull(attributes.get(attribute)));
      if (component.getType() != List.class && values.size() > 1) {
        throw source.wrong(attribute, values.size() + " values", "give one value, without braces");
      }
      String property = TOOL + "." + DataObjectPropertyName.toDashedForm(attribute);
      for (int i = 0; i < values.size(); i++) {
        properties.put(
            component.getType() == List.class ? property + "[" + i + "]" : property, values.get(i));
      }
    }
    return bound(properties);
  }

  /** The values of an attribute; empty if it is not set. */
  private static List<Object> values(Object said) {
    List<Object> values = new ArrayList<>();
    if (said.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(said); i++) {
        Object value = Array.get(said, i);
        values.add(value instanceof Class<?> type ? type.getName() : value);
      }
    } else if (!said.equals("")) {
      values.add(said);
    }
    return values;
  }

  private ToolSettings bound(Map<String, Object> properties) {
    try {
      return new Binder(new MapConfigurationPropertySource(properties))
          .bind(TOOL, ToolSettings.class)
          .orElse(ToolSettings.NONE);
    } catch (BindException e) {
      throw source
          .wrong(e)
          .orElseGet(() ->
              // In the annotation only durations are strings whose type does not name the allowed
              // values.
              source.wrong(
                  SettingsSource.attribute(e),
                  SettingsSource.said(e),
                  "use a duration such as 90s, 10m or PT1H30M"));
    }
  }
}
