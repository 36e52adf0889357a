package dev.longhaul.catalog.springai;

import dev.longhaul.tool.ToolAnswer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.ai.mcp.annotation.provider.tool.SyncMcpToolProvider;
import org.springframework.ai.mcp.annotation.spring.AnnotationProviderUtil;

/**
 * The {@code @McpTool} methods of some beans: described by Spring AI, called by {@link ToolMethod}.
 */
final class ToolMethods extends SyncMcpToolProvider {
  private final List<Found> found = new ArrayList<>();
  private @Nullable Object bean;

  private record Found(Object bean, Method method) {}

  /** A tool that is a method. */
  record Described(SyncToolSpecification specification, Method method) {

    /** Whether the method returns a {@link ToolAnswer}. */
    boolean answers() {
      return method.getReturnType() == ToolAnswer.class;
    }

    /** The names of the class and the method, for messages. */
    String where() {
      return method.getDeclaringClass().getName() + "." + method.getName();
    }
  }

  /**
   * @param beans with {@code @McpTool} methods; for a proxy its target class is used, as in Spring
   *     AI
   */
  ToolMethods(List<Object> beans) {
    super(beans);
  }

  /**
   * All methods by tool name.
   *
   * @throws IllegalStateException if two have the same name
   */
  Map<String, Described> byName() {
    Map<String, Described> byName = new LinkedHashMap<>();
    found.clear();
    List<SyncToolSpecification> described = getToolSpecifications();
    for (int i = 0; i < described.size(); i++) {
      String name = described.get(i).tool().name();
      if (byName.put(name, called(described.get(i), found.get(i))) != null) {
        throw new IllegalStateException(
            "Two @McpTool methods are named '" + name + "'; give one of them another name.");
      }
    }
    return byName;
  }

  // Spring AI processes one bean after the other, and reads the annotation of each method that it
  // describes in that order.

  @Override
  protected Method[] doGetClassMethods(Object next) {
    bean = next;
    return AnnotationProviderUtil.beanMethods(next);
  }

  @Override
  protected McpTool doGetMcpToolAnnotation(Method method) {
    if (bean != null) {
      found.add(new Found(bean, method));
    }
    return super.doGetMcpToolAnnotation(method);
  }

  private static Described called(SyncToolSpecification described, Found found) {
    Class<?> type = found.method().getReturnType();
    ReturnMode returns =
        described.tool().outputSchema() != null
            ? ReturnMode.STRUCTURED
            : type == void.class || type == Void.class ? ReturnMode.VOID : ReturnMode.TEXT;
    return new Described(
        SyncToolSpecification.builder()
            .tool(described.tool())
            .callHandler(new ToolMethod(returns, found.method(), found.bean()))
            .build(),
        found.method());
  }
}
