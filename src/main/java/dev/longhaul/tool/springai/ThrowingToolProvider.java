package dev.longhaul.tool.springai;

import java.lang.reflect.Method;
import java.util.List;
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

  ThrowingToolProvider(List<Object> toolObjects) {
    super(toolObjects);
  }

  @Override
  protected Method[] doGetClassMethods(Object bean) {
    return AnnotationProviderUtil.beanMethods(bean);
  }

  @Override
  protected Class<? extends Throwable> doGetToolCallException() {
    return Never.class;
  }
}
