package dev.longhaul.tool.springai;

import dev.longhaul.tool.ToolAnswer;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.provider.tool.SyncMcpToolProvider;
import org.springframework.ai.mcp.annotation.spring.AnnotationProviderUtil;

/**
 * Spring AI's provider, except that a tool's exception reaches us: the stock one turns it into an
 * isError result, and then nobody could tell an answer from a failure worth a retry.
 */
final class ThrowingToolProvider extends SyncMcpToolProvider {

  /** No tool throws this, so the stock callback converts nothing. */
  private static final class Never extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Set<String> answering = new HashSet<>();

  ThrowingToolProvider(List<Object> toolObjects) {
    super(toolObjects);
  }

  @Override
  protected Method[] doGetClassMethods(Object bean) {
    Method[] methods = AnnotationProviderUtil.beanMethods(bean);
    Arrays.stream(methods).forEach(this::remember);
    return methods;
  }

  private void remember(Method method) {
    McpTool tool = method.getAnnotation(McpTool.class);
    if (tool != null && ToolAnswer.class == method.getReturnType()) {
      answering.add(tool.name().isBlank() ? method.getName() : tool.name());
    }
  }

  /** The names of the tools whose method returns a {@link ToolAnswer}, among those asked for. */
  Set<String> answering() {
    return Set.copyOf(answering);
  }

  @Override
  protected Class<? extends Throwable> doGetToolCallException() {
    return Never.class;
  }
}
