package dev.longhaul.catalog.springai;

import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.LonghaulTool;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.spring.AnnotationProviderUtil;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringUtils;

/** What authors say of how their tools run. */
final class ToolAnnotations {
  private ToolAnnotations() {}

  /**
   * What stands on a tool's method.
   *
   * @param where the names of the class and the method, for messages
   */
  record Said(LonghaulTool annotation, String where) {}

  /**
   * What stands on a tool's method of its arguments.
   *
   * @param where the names of the class and the method, for messages
   */
  record Ruled(InputRules rules, String where) {}

  /** The rules for the arguments of all tools that have some, by the tools' names. */
  static Map<String, Ruled> rules(List<Object> beans) {
    Map<String, Ruled> ruled = new HashMap<>();
    for (Object bean : beans) {
      for (Method method : AnnotationProviderUtil.beanMethods(bean)) {
        McpTool tool = method.getAnnotation(McpTool.class);
        InputRules rules = method.getAnnotation(InputRules.class);
        if (tool != null && rules != null) {
          ruled.put(name(tool, method), new Ruled(rules, where(method)));
        }
      }
    }
    return ruled;
  }

  /**
   * The annotations of all tools that have one, by the tools' names.
   *
   * @param beans with {@code @McpTool} methods; of a proxy the class behind it counts, as it does
   *     for Spring AI
   */
  static Map<String, Said> of(List<Object> beans) {
    Map<String, Said> said = new HashMap<>();
    for (Object bean : beans) {
      for (Method method : AnnotationProviderUtil.beanMethods(bean)) {
        McpTool tool = method.getAnnotation(McpTool.class);
        LonghaulTool annotation =
            AnnotatedElementUtils.findMergedAnnotation(method, LonghaulTool.class);
        if (tool != null && annotation != null) {
          said.put(name(tool, method), new Said(annotation, where(method)));
        }
      }
    }
    return said;
  }

  private static String name(McpTool tool, Method method) {
    return StringUtils.hasText(tool.name()) ? tool.name() : method.getName();
  }

  private static String where(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }
}
