package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects Spring AI's tools: beans with {@code @McpTool} methods, and specifications that beans
 * (such as Spring AI's converter of {@code ToolCallback}s) offer.
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

  // Not earlier: the annotated beans are known only when every singleton is built.
  @Override
  public void afterSingletonsInstantiated() {
    Map<String, SyncToolSpecification> found = new LinkedHashMap<>();
    List<Object> beans = annotatedBeans();
    Map<String, ToolAnnotations.Said> said = ToolAnnotations.of(beans);
    Map<String, ToolAnnotations.Ruled> rules = ToolAnnotations.rules(beans);
    ToolMethods methods = new ToolMethods(beans);
    for (SyncToolSpecification specification : methods.getToolSpecifications()) {
      found.put(specification.tool().name(), specification);
    }
    Set<String> annotatedNames = Set.copyOf(found.keySet());
    specifications.stream()
        .flatMap(List::stream)
        .forEach(specification -> found.putIfAbsent(specification.tool().name(), specification));
    Set<String> answering = methods.answering();
    found.values().stream()
        .sorted((a, b) -> a.tool().name().compareTo(b.tool().name()))
        .forEach(specification -> {
          String name = specification.tool().name();
          SpringAiTool.Origin origin =
              !annotatedNames.contains(name)
                  ? SpringAiTool.Origin.SPECIFICATION
                  : answering.contains(name)
                      ? SpringAiTool.Origin.ANSWERING_METHOD
                      : SpringAiTool.Origin.METHOD;
          ObjectNode description = json.valueToTree(specification.tool());
          if (origin != SpringAiTool.Origin.SPECIFICATION) {
            GeneratedSchemas.shorten(
                description, origin == SpringAiTool.Origin.ANSWERING_METHOD, json);
          }
          ToolAnnotations.Ruled ruled = rules.get(name);
          if (ruled != null) {
            InputSchemas.apply(
                ruled.rules(), (ObjectNode) description.path("inputSchema"), ruled.where());
          }
          register(specification, description, said.get(name), origin);
        });
    log.info("Serving {} tools: {}", found.size(), found.keySet().stream().sorted().toList());
  }

  private List<Object> annotatedBeans() {
    List<Object> beans = new ArrayList<>();
    annotated.ifAvailable(all -> beans.addAll(all.getBeansByAnnotation(McpTool.class)));
    return beans;
  }

  private void register(
      SyncToolSpecification specification,
      ObjectNode description,
      ToolAnnotations.@Nullable Said said,
      SpringAiTool.Origin origin) {
    if (description.path("description").asString("").isBlank()) {
      log.warn(
          "Tool {} has no description; a model cannot tell when to use it. Set"
              + " @McpTool(description = …).",
          specification.tool().name());
    }
    ToolPolicy policy =
        said == null
            ? policies.of(description)
            : policies.of(description, said.annotation(), said.where());
    tools.register(new Tool(description, policy, new SpringAiTool(specification, origin, json)));
  }
}
