package dev.longhaul.catalog.springai;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpMeta;
import org.springframework.ai.mcp.annotation.McpProgressToken;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.common.MetaUtils;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;

/**
 * Reads a prompt's entry in prompts/list from its method. Replaces Spring AI's adapter, which in
 * 2.0 lists contexts and progress tokens as arguments of the prompt.
 */
final class PromptDescriptions {
  private static final List<Class<?>> NO_ARGUMENTS =
      List.of(
          McpSyncRequestContext.class,
          McpSyncServerExchange.class,
          McpTransportContext.class,
          McpMeta.class,
          GetPromptRequest.class,
          Map.class);

  private PromptDescriptions() {}

  static Prompt of(Method method, McpPrompt annotation) {
    return Prompt.builder(annotation.name().isEmpty() ? method.getName() : annotation.name())
        .title(annotation.title())
        .description(annotation.description())
        .arguments(arguments(method))
        .meta(MetaUtils.getMeta(annotation.metaProvider()))
        .build();
  }

  private static List<PromptArgument> arguments(Method method) {
    List<PromptArgument> arguments = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      if (parameter.isAnnotationPresent(McpProgressToken.class)
          || NO_ARGUMENTS.stream().anyMatch(type -> type.isAssignableFrom(parameter.getType()))) {
        continue;
      }
      McpArg arg = parameter.getAnnotation(McpArg.class);
      String name = arg == null || arg.name().isBlank() ? parameter.getName() : arg.name();
      arguments.add(
          PromptArgument.builder(name)
              .description(arg == null ? "" : arg.description())
              .required(arg != null && arg.required())
              .build());
    }
    return arguments;
  }
}
