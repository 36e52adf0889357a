package dev.longhaul.catalog.springai;

import dev.longhaul.tool.ToolAnswer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.ai.mcp.annotation.provider.tool.SyncMcpToolProvider;
import org.springframework.ai.mcp.annotation.spring.AnnotationProviderUtil;

/** The methods with {@code @McpTool} of some beans, described by Spring AI, called by us. */
final class ToolMethods extends SyncMcpToolProvider {
  private record Found(String name, Object bean, Method method) {}

  private final List<Found> found = new ArrayList<>();

  ToolMethods(List<Object> beans) {
    super(beans);
  }

  @Override
  protected Method[] doGetClassMethods(Object bean) {
    Method[] methods = AnnotationProviderUtil.beanMethods(bean);
    for (Method method : methods) {
      McpTool tool = method.getAnnotation(McpTool.class);
      if (tool != null) {
        found.add(new Found(tool.name().isBlank() ? method.getName() : tool.name(), bean, method));
      }
    }
    return methods;
  }

  /**
   * One for each method.
   *
   * @throws IllegalStateException two methods have the same name
   */
  @Override
  public List<SyncToolSpecification> getToolSpecifications() {
    found.clear();
    return super.getToolSpecifications().stream().map(this::called).toList();
  }

  /** The names of the tools whose method returns a {@link ToolAnswer}, among those asked for. */
  Set<String> answering() {
    return found.stream()
        .filter(each -> each.method().getReturnType() == ToolAnswer.class)
        .map(Found::name)
        .collect(Collectors.toSet());
  }

  private SyncToolSpecification called(SyncToolSpecification described) {
    String name = described.tool().name();
    List<Found> named = found.stream().filter(each -> each.name().equals(name)).toList();
    if (named.size() != 1) {
      throw new IllegalStateException(
          "Two @McpTool methods are named '" + name + "'; give one of them another name.");
    }
    Method method = named.getFirst().method();
    ReturnMode returns =
        described.tool().outputSchema() != null
            ? ReturnMode.STRUCTURED
            : method.getReturnType() == void.class || method.getReturnType() == Void.class
                ? ReturnMode.VOID
                : ReturnMode.TEXT;
    return SyncToolSpecification.builder()
        .tool(described.tool())
        .callHandler(new ToolMethod(returns, method, named.getFirst().bean()))
        .build();
  }
}
