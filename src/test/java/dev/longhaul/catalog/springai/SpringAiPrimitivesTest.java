package dev.longhaul.catalog.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.CatalogConfiguration;
import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.Prompt;
import dev.longhaul.catalog.Resource;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Calls;
import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.ToolRefusedException;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerJsonMapperAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerSpecificationFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Unchanged Spring AI resources, prompts and completions run without Spring AI's server. */
class SpringAiPrimitivesTest {
  private final List<Progress> progress = new ArrayList<>();
  private final List<String> logged = new ArrayList<>();

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  McpServerJsonMapperAutoConfiguration.class,
                  McpServerAnnotationScannerAutoConfiguration.class,
                  McpServerSpecificationFactoryAutoConfiguration.class))
          .withPropertyValues("longhaul.builtin.enabled=false")
          .withUserConfiguration(CatalogConfiguration.class);

  @ParameterizedTest
  @CsvSource({
    "test://plain, plain",
    "test://uri, asked for test://uri",
    "test://request, asked for test://request",
    "test://exchange, elicitation false the-id",
    "test://transport, nothing true abc",
    "test://rows/orders/7, orders#7 abc",
    "test://rows/a%20b/7, a%20b#7 abc",
    "test://job, local",
  })
  void eachKindOfParameterReachesAResource(String uri, String text) throws Exception {
    ObjectNode content = (ObjectNode) read(uri).path("contents").path(0);
    assertThat(content.path("text").asString()).isEqualTo(text);
    assertThat(content.path("uri").asString()).isEqualTo(uri);
  }

  @Test
  void whatAResourceReportsGoesToItsCall() throws Exception {
    assertThat(read("test://context").path("contents").size()).isEqualTo(2);
    assertThat(progress).containsExactly(new Progress(0.5, null));
    assertThat(logged).containsExactly("warning rows odd");
  }

  @Test
  void aStringIsBinaryWhenTheMimeTypeIs() throws Exception {
    assertThat(read("test://picture").path("contents").path(0).path("blob").asString())
        .isEqualTo("aGVsbG8=");
  }

  @Test
  void aResourceIsListedWithAllThatItsAnnotationSays() {
    with(primitives -> {
      ObjectNode plain =
          primitives.resources().stream()
              .filter(each -> each.uri().equals("test://plain"))
              .map(Resource::description)
              .findFirst()
              .orElseThrow();
      assertThat(plain)
          .isEqualTo(
              Tools.object(
                  """
                  {"uri":"test://plain","name":"plain","title":"A title","description":"Plain",
                   "mimeType":"text/plain","annotations":{"audience":["user"],
                   "lastModified":"2026-11-21T00:00:00Z","priority":0.5}}
                  """));
      assertThat(primitives.resources()).extracting(Resource::uri).isSorted();
      assertThat(primitives.templates())
          .extracting(template -> template.template().toString())
          .containsExactly("test://gone/{id}", "test://none/{id}", "test://rows/{table}/{id}");
      return null;
    });
  }

  @ParameterizedTest
  @CsvSource({"test://gone/1", "test://none/1"})
  void whatIsNotThereIsNotFound(String uri) {
    assertThatThrownBy(() -> read(uri)).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void theCodeThatAnAuthorChoseAndTheExceptionItThrewComeOut() {
    assertThatThrownBy(() -> read("test://refused"))
        .isInstanceOfSatisfying(
            ToolRefusedException.class, e -> assertThat(e.code()).isEqualTo(-31999))
        .hasMessage("not today");
    assertThatThrownBy(() -> read("test://checked"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the disk is full");
  }

  @Test
  void eachKindOfParameterReachesAPrompt() throws Exception {
    ObjectNode result = prompt("all", "{\"who\":\"Zoë\",\"times\":\"3\"}");
    assertThat(result.path("messages").path(0).path("content").path("text").asString())
        .isEqualTo("Zoë 3 abc the-id all 2 null");
    assertThat(logged).singleElement().asString().startsWith("info ").endsWith(" working");
    assertThat(prompt("exchange", "{}").path("messages").size()).isEqualTo(2);
  }

  @Test
  void aPromptIsListedWithItsArgumentsAndNothingElse() {
    with(primitives -> {
      Prompt all = primitives.prompt("all").orElseThrow();
      assertThat(all.description())
          .isEqualTo(
              Tools.object(
                  """
                  {"name":"all","title":"All","description":"Takes everything","arguments":[
                   {"name":"who","description":"whom","required":true},
                   {"name":"times","description":"how often","required":false}]}
                  """));
      assertThat(all.requiredArguments()).containsExactly("who");
      return null;
    });
  }

  @Test
  void anArgumentThatIsNoNumberIsTheCallersMistake() {
    assertThatThrownBy(() -> prompt("all", "{\"who\":\"Zoë\",\"times\":\"often\"}"))
        .isInstanceOfSatisfying(
            ToolRefusedException.class, e -> assertThat(e.code()).isEqualTo(-32602))
        .hasMessageContaining("often");
  }

  @Test
  void eachKindOfParameterReachesACompletion() throws Exception {
    ObjectNode ofPrompt =
        complete(
            Completion.Kind.PROMPT, "all", "{\"argument\":{\"name\":\"who\",\"value\":\"Z\"}}");
    assertThat(ofPrompt.path("completion").path("values").path(0).asString()).isEqualTo("who=Z");
    ObjectNode ofTemplate =
        complete(
            Completion.Kind.RESOURCE,
            "test://rows/{table}/{id}",
            "{\"argument\":{\"name\":\"id\",\"value\":\"4\"},"
                + "\"context\":{\"arguments\":{\"table\":\"orders\"}}}");
    assertThat(ofTemplate.path("completion").path("values").toString())
        .isEqualTo("[\"41\",\"orders\"]");
    assertThatThrownBy(() ->
            complete(
                Completion.Kind.RESOURCE,
                "test://none/{id}",
                "{\"argument\":{\"name\":\"id\",\"value\":\"\"}}"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no index the-id");
  }

  /** Defines specifications instead of annotated methods. */
  @Configuration(proxyBeanMethods = false)
  static class Specified {
    @Bean
    List<SyncResourceSpecification> resources() {
      return List.of(
          new SyncResourceSpecification(
              McpSchema.Resource.builder("test://specified", "specified").build(),
              (exchange, request) ->
                  ReadResourceResult.builder(
                          List.of(TextResourceContents.builder(request.uri(), "specified").build()))
                      .build()));
    }

    @Bean
    SyncPromptSpecification prompt() {
      return new SyncPromptSpecification(
          McpSchema.Prompt.builder("specified").build(),
          (exchange, request) ->
              GetPromptResult.builder(
                      List.of(
                          PromptMessage.builder(
                                  McpSchema.Role.USER,
                                  TextContent.builder("for " + request.arguments().get("who"))
                                      .build())
                              .build()))
                  .build());
    }
  }

  @Test
  void specificationsOfBeansAreServedToo() throws Exception {
    var specified = context.withUserConfiguration(Specified.class);
    assertThat(
            run(
                    specified,
                    p -> p.reader("test://specified").orElseThrow(),
                    "{\"uri\":\"test://specified\"}")
                .path("contents")
                .path(0)
                .path("text")
                .asString())
        .isEqualTo("specified");
    assertThat(
            run(
                    specified,
                    p -> p.prompt("specified").orElseThrow().handler(),
                    "{\"name\":\"specified\",\"arguments\":{\"who\":\"Zoë\"}}")
                .path("messages")
                .path(0)
                .path("content")
                .path("text")
                .asString())
        .isEqualTo("for Zoë");
  }

  static class ReactiveTool {
    @McpTool(name = "reactive", description = "Reactive")
    Mono<String> reactive() {
      return Mono.just("no");
    }
  }

  static class AsyncContextTool {
    @McpTool(name = "async", description = "Async")
    String async(McpAsyncRequestContext context) {
      return "no";
    }
  }

  static class FutureTool {
    @McpTool(name = "future", description = "Future")
    CompletableFuture<String> future() {
      return CompletableFuture.completedFuture("no");
    }
  }

  static class ReactiveResource {
    @McpResource(uri = "test://reactive")
    Flux<String> reactive() {
      return Flux.just("no");
    }
  }

  static class AsyncExchangePrompt {
    @McpPrompt(name = "async", description = "Async")
    String async(McpAsyncServerExchange exchange) {
      return "no";
    }
  }

  static class ReactiveCompletion {
    @McpComplete(prompt = "all")
    Mono<List<String>> reactive() {
      return Mono.just(List.of());
    }
  }

  static class NumberResource {
    @McpResource(uri = "test://number")
    int number() {
      return 5;
    }
  }

  static class WrongVariables {
    @McpResource(uri = "test://{a}/{b}")
    String wrong(String onlyOne) {
      return "no";
    }
  }

  static class CompletesNothing {
    @McpComplete(prompt = "nobody")
    List<String> values() {
      return List.of();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ReactiveTool | ReactiveTool.reactive (@McpTool) | block()",
        "AsyncContextTool | AsyncContextTool.async (@McpTool) | McpSyncRequestContext",
        "FutureTool | FutureTool.future (@McpTool) | join()",
        "ReactiveResource | ReactiveResource.reactive (@McpResource) | block()",
        "AsyncExchangePrompt | AsyncExchangePrompt.async (@McpPrompt) | McpSyncServerExchange",
        "ReactiveCompletion | ReactiveCompletion.reactive (@McpComplete) | block()",
        "NumberResource | NumberResource | returns int",
        "WrongVariables | wrong in | URI variable",
        "CompletesNothing | nobody | not served",
      })
  void whatCannotBeServedStopsTheStartByName(String bean, String where, String remedy)
      throws ClassNotFoundException {
    Class<?> type = Class.forName(SpringAiPrimitivesTest.class.getName() + "$" + bean);
    context
        .withBean("theBean", type)
        .run(failed -> {
          assertThat(failed).hasFailed();
          String said =
              String.valueOf(
                  NestedExceptionUtils.getMostSpecificCause(
                          Objects.requireNonNull(failed.getStartupFailure()))
                      .getMessage());
          assertThat(said).contains(where).contains(remedy);
          if (where.contains("@")) {
            assertThat(said).startsWith("Cannot serve bean 'theBean', method ");
          }
        });
  }

  /** Defines specifications for an asynchronous or a stateless server only. */
  @Configuration(proxyBeanMethods = false)
  static class AsyncSpecified {
    @Bean
    List<McpServerFeatures.AsyncPromptSpecification> asyncPrompts() {
      return List.of(
          new McpServerFeatures.AsyncPromptSpecification(
              McpSchema.Prompt.builder("async").build(), (_, _) -> Mono.empty()));
    }
  }

  /** Defines specifications for a stateless server only. */
  @Configuration(proxyBeanMethods = false)
  static class StatelessSpecified {
    @Bean
    McpStatelessServerFeatures.SyncPromptSpecification statelessPrompt() {
      return new McpStatelessServerFeatures.SyncPromptSpecification(
          McpSchema.Prompt.builder("stateless").build(),
          (_, _) -> GetPromptResult.builder(List.of()).build());
    }
  }

  @Test
  void specificationsOfAnotherKindStopTheStartByName() {
    context
        .withUserConfiguration(AsyncSpecified.class)
        .run(failed ->
            assertThat(failed.getStartupFailure())
                .hasMessageContaining("bean 'asyncPrompts'")
                .hasMessageContaining("McpServerFeatures.AsyncPromptSpecification"));
    context
        .withUserConfiguration(StatelessSpecified.class)
        .run(failed ->
            assertThat(failed.getStartupFailure())
                .hasMessageContaining("bean 'statelessPrompt'")
                .hasMessageContaining("McpStatelessServerFeatures.SyncPromptSpecification"));
  }

  static class Again {
    @McpResource(uri = "test://plain")
    String again() {
      return "again";
    }
  }

  @Test
  void twoMethodsForOneUriAreRefused() {
    context
        .withBean(AnnotatedPrimitives.class)
        .withBean("again", Again.class)
        .run(failed ->
            assertThat(failed.getStartupFailure())
                .hasMessageContaining("test://plain")
                .hasMessageContaining("already"));
  }

  private ObjectNode read(String uri) throws Exception {
    return run(
        context.withBean(AnnotatedPrimitives.class),
        primitives -> primitives.reader(uri).orElseThrow(),
        "{\"uri\":\"" + uri + "\"}");
  }

  private ObjectNode prompt(String name, String arguments) throws Exception {
    return run(
        context.withBean(AnnotatedPrimitives.class),
        primitives -> primitives.prompt(name).orElseThrow().handler(),
        "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
  }

  private ObjectNode complete(Completion.Kind kind, String id, String params) throws Exception {
    return run(
        context.withBean(AnnotatedPrimitives.class),
        primitives ->
            primitives.completion(new Completion.Reference(kind, id)).orElseThrow().handler(),
        params);
  }

  private void with(Function<Primitives, @Nullable Object> action) {
    context
        .withBean(AnnotatedPrimitives.class)
        .run(started -> {
          var _ = action.apply(started.getBean(Primitives.class));
        });
  }

  private ObjectNode run(
      ApplicationContextRunner runner, Function<Primitives, PrimitiveHandler> find, String params)
      throws Exception {
    var found = new ArrayList<PrimitiveHandler>();
    runner.run(started -> found.add(find.apply(started.getBean(Primitives.class))));
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress said) {
            progress.add(said);
          }

          @Override
          public void log(JobLog said) {
            String text = Tools.JSON.readTree(said.data()).asString();
            logged.add(said.level() + " " + said.logger() + " " + text);
          }
        };
    var call =
        new AttemptContext("the-id", 1, "local", Instant.MAX, Clock.systemUTC(), Tools.JSON, sink);
    return Calls.run(
        call,
        () ->
            found
                .getFirst()
                .handle(
                    new PrimitiveCall(
                        Tools.object(params), Tools.object("{\"trace\":\"abc\"}"), call)));
  }
}
