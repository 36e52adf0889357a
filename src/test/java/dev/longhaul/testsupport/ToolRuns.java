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
 * Runs tools in the test's own thread, without server and without Redis. What surrounds a tool is
 * production's: its beans are scanned, its schemas made and checked, its policy read, and its
 * exceptions mapped as a worker does.
 *
 * <pre>{@code
 * ToolRunResult result = ToolRuns.run(new ReportTools(), "report", Map.of("month", "2026-10"));
 * assertEquals("12 orders in 2026-10.", result.text());
 * }</pre>
 *
 * <p>Reading the tools takes a moment; a test of many calls keeps one of these, and closes it.
 */
public final class ToolRuns implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;
  private final ToolCatalogue tools;

  private ToolRuns(AnnotationConfigApplicationContext context) {
    this.context = context;
    this.tools = context.getBean(ToolCatalogue.class);
  }

  /**
   * The tools of beans.
   *
   * @param beans with {@code @McpTool} methods, made by the test; or a {@link Tool} made by hand
   * @throws IllegalStateException if one of them cannot be served; the message says why
   */
  public static ToolRuns of(Object... beans) {
    return with(Map.of(), beans);
  }

  /**
   * The same with settings.
   *
   * @param properties such as {@code longhaul.tools.report.timeout}
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
    // As Spring Boot does: it reads durations and sizes.
    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    // What is not given here must not come from the machine that runs the test.
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

  /** Runs the tool once, with nobody who could be asked and with the time-out of its policy. */
  public static ToolRunResult run(Object bean, String tool, Map<String, ?> arguments) {
    try (ToolRuns runs = of(bean)) {
      return runs.tool(tool).run(arguments);
    }
  }

  /**
   * One run of a tool, to be described and then started.
   *
   * @throws IllegalArgumentException if there is no such tool; the message names those there are
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

  /** Lets the beans' contexts go; a bean that is {@link AutoCloseable} is closed. */
  @Override
  public void close() {
    context.close();
  }
}
