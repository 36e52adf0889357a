package dev.longhaul.catalog.springai;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.env.Environment;

/**
 * Scans the packages of {@code longhaul.tools.scan-packages} for components and classes with
 * annotated methods, for tool jars without an auto-configuration.
 */
public final class ToolPackages implements BeanDefinitionRegistryPostProcessor {
  private static final List<String> ANNOTATIONS =
      Stream.of(McpTool.class, McpResource.class, McpPrompt.class, McpComplete.class)
          .map(Class::getName)
          .toList();
  private static final String PROPERTY = "longhaul.tools.scan-packages";

  private final Environment environment;

  public ToolPackages(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    List<String> packages =
        Binder.get(environment).bind(PROPERTY, Bindable.listOf(String.class)).orElse(List.of());
    if (packages.isEmpty()) {
      return;
    }
    var scanner = new ClassPathBeanDefinitionScanner(registry, true, environment);
    scanner.addIncludeFilter((reader, factory) ->
        ANNOTATIONS.stream().anyMatch(reader.getAnnotationMetadata()::hasAnnotatedMethods));
    if (scanner.scan(packages.toArray(new String[0])) == 0) {
      throw new IllegalStateException(
          "No tools were found in "
              + packages
              + " ("
              + PROPERTY
              + "). Check the names, and that the jar lies in the directory of LONGHAUL_TOOL_PATH.");
    }
    configurations(registry);
  }

  /**
   * Processes {@code @Bean} methods of the classes just found, since Spring has already done so for
   * the others.
   */
  private void configurations(BeanDefinitionRegistry registry) {
    var processor = new ConfigurationClassPostProcessor();
    processor.setEnvironment(environment);
    if (registry instanceof ConfigurableBeanFactory factory
        && factory.getBeanClassLoader() != null) {
      processor.setBeanClassLoader(factory.getBeanClassLoader());
    }
    processor.postProcessBeanDefinitionRegistry(registry);
  }
}
