package dev.longhaul.testsupport;

import dev.longhaul.catalog.CatalogConfiguration;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolRunner;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerJsonMapperAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerSpecificationFactoryAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs tools in the thread of the test, without a server and without Redis. As in production, beans
 * are scanned, schemas generated and checked, policies read, and exceptions mapped to failures.
 *
 * <pre>{@code
 * ToolRunResult result = ToolRuns.run(new ReportTools(), "report", Map.of("month", "2026-10"));
 * assertEquals("12 orders in 2026-10.", result.text());
 * }</pre>
 *
 * <p>Reading the tools takes a moment: a test of many calls should use one object, and close it.
 */
public final class ToolRuns implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;
  private final ToolCatalogue tools;

  private ToolRuns(AnnotationConfigApplicationContext context) {
    this.context = context;
    this.tools = context.getBean(ToolCatalogue.class);
  }

  /**
   * Reads the tools of beans.
   *
   * @param beans objects with {@code @McpTool} methods, or a {@link Tool}
   * @throws IllegalStateException if a tool cannot be served; the message says why
   */
  public static ToolRuns of(Object... beans) {
    return with(Map.of(), beans);
  }

  /**
   * Reads the tools of beans, with settings.
   *
   * @param properties settings such as {@code longhaul.tools.report.timeout}
   */
  public static ToolRuns with(Map<String, Object> properties, Object... beans) {
    var context = newContext(properties);
    for (int i = 0; i < beans.length; i++) {
      if (!(beans[i] instanceof Tool)) {
        register(context, "tool" + i, beans[i]);
      }
    }
    var registered = refreshed(context).getBean(RegisteredTools.class);
    Stream.of(beans)
        .filter(Tool.class::isInstance)
        .map(Tool.class::cast)
        .forEach(registered::register);
    return new ToolRuns(context);
  }

  private static AnnotationConfigApplicationContext newContext(Map<String, Object> properties) {
    var context = new AnnotationConfigApplicationContext();
    // As in Spring Boot: it converts durations and sizes.
    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    // Without the properties of the machine that runs the test.
    var sources = context.getEnvironment().getPropertySources();
    List.copyOf(sources.stream().toList()).forEach(source -> sources.remove(source.getName()));
    sources.addFirst(new MapPropertySource("test", Map.copyOf(properties)));
    sources.addLast(
        new MapPropertySource("no built-in tools", Map.of("longhaul.builtin.enabled", "false")));
    context.register(
        McpServerJsonMapperAutoConfiguration.class,
        McpServerAnnotationScannerAutoConfiguration.class,
        McpServerSpecificationFactoryAutoConfiguration.class,
        CatalogConfiguration.class);
    return context;
  }

  private static <T> void register(
      AnnotationConfigApplicationContext context, String name, T bean) {
    @SuppressWarnings("unchecked") // what getClass() of an object of T must be
    Class<T> type = (Class<T>) bean.getClass();
    context.registerBean(name, type, () -> bean);
  }

  private static AnnotationConfigApplicationContext refreshed(
      AnnotationConfigApplicationContext context) {
    try {
      context.refresh();
      return context;
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** Runs a tool once, with a client that cannot be asked and with the time-out of its policy. */
  public static ToolRunResult run(Object bean, String tool, Map<String, ?> arguments) {
    try (ToolRuns runs = of(bean)) {
      return runs.tool(tool).run(arguments);
    }
  }

  /**
   * Creates a run of a tool, to be configured and then started.
   *
   * @throws IllegalArgumentException if there is no such tool; the message names the known ones
   */
  public ToolRun tool(String name) {
    Tool tool =
        tools
            .find(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "There is no tool '"
                        + name
                        + "'; there are "
                        + tools.all().stream().map(Tool::name).sorted().toList()
                        + "."));
    return new ToolRun(
        tool,
        tools,
        context.getBean(ToolRunner.class),
        context.getBean(Clock.class),
        context.getBean("mcpServerJsonMapper", JsonMapper.class));
  }

  /** The tools, with their descriptions and policies. */
  public ToolCatalogue catalogue() {
    return tools;
  }

  /** Closes the contexts of the beans, and beans that are {@link AutoCloseable}. */
  @Override
  public void close() {
    context.close();
  }
}
