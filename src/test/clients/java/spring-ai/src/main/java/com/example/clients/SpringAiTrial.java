package com.example.clients;

import io.modelcontextprotocol.spec.McpSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.mcp.annotation.McpElicitation;
import org.springframework.ai.mcp.annotation.McpProgress;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spring AI's client as its starter sets it up: an application for each connection. */
final class SpringAiTrial implements Trial {
  private static final JsonMapper JSON = new JsonMapper();

  private final ConfigurableApplicationContext application;
  private final User user;

  /** Who is asked and told. */
  static final class User {
    private volatile Runnable heard = () -> {};

    @McpElicitation(clients = "longhaul")
    McpSchema.ElicitResult ask(McpSchema.ElicitRequest question) {
      return McpSchema.ElicitResult.builder(McpSchema.ElicitResult.Action.ACCEPT)
          .content(ANSWER)
          .build();
    }

    @McpProgress(clients = "longhaul")
    void progress(McpSchema.ProgressNotification progress) {
      heard.run();
    }
  }

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    User user() {
      return new User();
    }
  }

  private SpringAiTrial(String url) {
    this.application =
        new SpringApplicationBuilder(Application.class)
            .properties(
                "spring.main.banner-mode=off",
                "spring.main.web-application-type=none",
                "logging.level.root=warn",
                "spring.ai.mcp.client.streamable-http.connections.longhaul.url="
                    + url.replace("/mcp", ""))
            .run();
    this.user = application.getBean(User.class);
  }

  public static void main(String[] arguments) throws Exception {
    Driver.run(arguments[0], SpringAiTrial::new);
  }

  private List<ToolCallback> tools() {
    return application.getBeansOfType(ToolCallbackProvider.class).values().stream()
        .flatMap(provider -> Arrays.stream(provider.getToolCallbacks()))
        .toList();
  }

  @Override
  public List<String> list() {
    return tools().stream().map(tool -> tool.getToolDefinition().name()).toList();
  }

  @Override
  public String call(String tool, Map<String, Object> arguments, Runnable progress) {
    user.heard = progress;
    ToolCallback callback =
        tools().stream()
            .filter(each -> each.getToolDefinition().name().equals(tool))
            .findFirst()
            .orElseThrow();
    String result =
        callback.call(
            JSON.writeValueAsString(arguments), new ToolContext(Map.of("progressToken", tool)));
    StringJoiner texts = new StringJoiner("\n");
    for (JsonNode item : JSON.readTree(result)) {
      texts.add(item.path("text").asString(""));
    }
    return texts.toString();
  }

  @Override
  public Set<String> unable() {
    return Set.of("cancel");
  }

  @Override
  public void close() {
    application.close();
  }
}
