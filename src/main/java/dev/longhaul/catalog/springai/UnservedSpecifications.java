package dev.longhaul.catalog.springai;

import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stops the start at a bean with asynchronous or stateless SDK specifications, which would silently
 * not be served.
 */
public final class UnservedSpecifications implements SmartInitializingSingleton {
  private static final List<Class<?>> KINDS =
      List.of(
          McpServerFeatures.AsyncToolSpecification.class,
          McpServerFeatures.AsyncResourceSpecification.class,
          McpServerFeatures.AsyncResourceTemplateSpecification.class,
          McpServerFeatures.AsyncPromptSpecification.class,
          McpServerFeatures.AsyncCompletionSpecification.class,
          McpStatelessServerFeatures.SyncToolSpecification.class,
          McpStatelessServerFeatures.SyncResourceSpecification.class,
          McpStatelessServerFeatures.SyncResourceTemplateSpecification.class,
          McpStatelessServerFeatures.SyncPromptSpecification.class,
          McpStatelessServerFeatures.SyncCompletionSpecification.class,
          McpStatelessServerFeatures.AsyncToolSpecification.class,
          McpStatelessServerFeatures.AsyncResourceSpecification.class,
          McpStatelessServerFeatures.AsyncResourceTemplateSpecification.class,
          McpStatelessServerFeatures.AsyncPromptSpecification.class,
          McpStatelessServerFeatures.AsyncCompletionSpecification.class);

  /**
   * The package of Spring AI's beans that make such lists of annotated methods, which Longhaul
   * reads itself.
   */
  private static final String SPRING_AI_SCANNER =
      "org.springframework.ai.mcp.server.common.autoconfigure.annotations.";

  private final ConfigurableApplicationContext context;

  public UnservedSpecifications(ConfigurableApplicationContext context) {
    this.context = context;
  }

  @Override
  public void afterSingletonsInstantiated() {
    for (Class<?> kind : KINDS) {
      for (String name : Specifications.namesOfLists(context, kind)) {
        if (!fromScanner(name) && !((List<?>) context.getBean(name)).isEmpty()) {
          throw refused(name, kind);
        }
      }
      for (String name : context.getBeanNamesForType(kind)) {
        throw refused(name, kind);
      }
    }
  }

  private boolean fromScanner(String name) {
    var definitions = context.getBeanFactory();
    String factory =
        definitions.containsBeanDefinition(name)
            ? definitions.getBeanDefinition(name).getFactoryBeanName()
            : null;
    Class<?> type = factory == null ? null : context.getType(factory);
    return type != null && type.getName().startsWith(SPRING_AI_SCANNER);
  }

  private static IllegalStateException refused(String name, Class<?> kind) {
    String simple = kind.getEnclosingClass().getSimpleName() + "." + kind.getSimpleName();
    return new IllegalStateException(
        "Cannot serve bean '"
            + name
            + "': it offers "
            + simple
            + ". Offer the kind of the same name that begins with Sync, of McpServerFeatures; if"
            + " Spring AI made it of ToolCallbacks, set spring.ai.mcp.server.type=SYNC and"
            + " spring.ai.mcp.server.protocol=STREAMABLE.");
  }
}
