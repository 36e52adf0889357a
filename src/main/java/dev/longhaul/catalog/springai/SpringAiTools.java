package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.LonghaulTool;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.annotation.AnnotatedElementUtils;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Registers Spring AI's tools: {@code @McpTool} methods, and specification beans, such as those
 * that Spring AI makes of {@code ToolCallback}s.
 */
public final class SpringAiTools implements SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(SpringAiTools.class);

  private final ObjectProvider<ServerMcpAnnotatedBeans> annotated;
  private final ObjectProvider<List<SyncToolSpecification>> specifications;
  private final RegisteredTools tools;
  private final ToolPolicies policies;
  private final JsonMapper json;

  public SpringAiTools(
      ObjectProvider<ServerMcpAnnotatedBeans> annotated,
      ObjectProvider<List<SyncToolSpecification>> specifications,
      RegisteredTools tools,
      ToolPolicies policies,
      JsonMapper json) {
    this.annotated = annotated;
    this.specifications = specifications;
    this.tools = tools;
    this.policies = policies;
    this.json = json;
  }

  // The annotated beans are known only when all singletons have been created.
  @Override
  public void afterSingletonsInstantiated() {
    Map<String, ToolMethods.Described> methods = new ToolMethods(annotatedBeans()).byName();
    Map<String, SyncToolSpecification> found = new TreeMap<>();
    methods.forEach((name, method) -> found.put(name, method.specification()));
    specifications.stream()
        .flatMap(List::stream)
        .forEach(specification -> found.putIfAbsent(specification.tool().name(), specification));
    found.forEach((name, specification) -> register(specification, methods.get(name)));
    log.info("Serving {} tools: {}", found.size(), found.keySet());
  }

  private List<Object> annotatedBeans() {
    List<Object> beans = new ArrayList<>();
    annotated.ifAvailable(all -> beans.addAll(all.getBeansByAnnotation(McpTool.class)));
    return beans;
  }

  private void register(
      SyncToolSpecification specification, ToolMethods.@Nullable Described method) {
    ObjectNode description = json.valueToTree(specification.tool());
    if (method != null) {
      GeneratedSchemas.shorten(description, method.answers(), json);
      InputRules rules = method.method().getAnnotation(InputRules.class);
      if (rules != null) {
        InputSchemas.apply(rules, (ObjectNode) description.path("inputSchema"), method.where());
      }
    }
    if (description.path("description").asString("").isBlank()) {
      log.warn(
          "Tool {} has no description; a model cannot tell when to use it. Set"
              + " @McpTool(description = …).",
          specification.tool().name());
    }
    boolean answers = method != null && method.answers();
    tools.register(
        new Tool(
            description,
            policy(description, method),
            new SpringAiTool(specification, answers, json)));
  }

  private ToolPolicy policy(ObjectNode description, ToolMethods.@Nullable Described method) {
    LonghaulTool said =
        method == null
            ? null
            : AnnotatedElementUtils.findMergedAnnotation(method.method(), LonghaulTool.class);
    return method == null || said == null
        ? policies.of(description)
        : policies.of(description, said, method.where());
  }
}
