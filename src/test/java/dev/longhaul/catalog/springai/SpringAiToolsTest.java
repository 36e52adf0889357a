package dev.longhaul.catalog.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.CatalogConfiguration;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.catalog.ToolSettingsException;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.ToolRefusedException;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerJsonMapperAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerSpecificationFactoryAutoConfiguration;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.node.ObjectNode;

/** Unchanged Spring AI tools run without Spring AI's server. */
class SpringAiToolsTest {
  private final List<Progress> progress = new ArrayList<>();
  private final List<String> logged = new ArrayList<>();

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  McpServerJsonMapperAutoConfiguration.class,
                  McpServerAnnotationScannerAutoConfiguration.class,
                  McpServerSpecificationFactoryAutoConfiguration.class))
          .withUserConfiguration(CatalogConfiguration.class)
          .withBean(AnnotatedTools.class);

  /** Defines a second tool with the name greet. */
  static class AlsoGreets {
    @McpTool(name = "greet", description = "Greets too")
    String hello() {
      return JobContext.current().id();
    }
  }

  /** A tool with {@code @LonghaulTool}. */
  static class Policed {
    @McpTool(name = "policed", description = "Has a policy")
    @LonghaulTool(queue = "reports", estimate = "90s")
    String policed() {
      return "policed";
    }

    @McpTool(description = "Has the name of its method")
    @Slowly
    String named() {
      return "named";
    }
  }

  /** A user-defined annotation. */
  @LonghaulTool(timeout = "10m")
  @Retention(RetentionPolicy.RUNTIME)
  @interface Slowly {}

  /** Creates subclass proxies, as transactions and caches do. */
  static class Proxied {
    @Bean
    static DefaultAdvisorAutoProxyCreator proxies() {
      var creator = new DefaultAdvisorAutoProxyCreator();
      creator.setProxyTargetClass(true);
      return creator;
    }

    @Bean
    static Advisor advisor() {
      var pointcut = new NameMatchMethodPointcut();
      pointcut.setMappedNames("policed", "named");
      pointcut.setClassFilter(Policed.class::isAssignableFrom);
      return new DefaultPointcutAdvisor(
          pointcut, (MethodInterceptor) call -> "around " + call.proceed());
    }
  }

  /** A bean whose method lacks the annotation of a tool. */
  static class NoTool {
    @LonghaulTool(timeout = "10m")
    String forgotten() {
      return "nobody calls this";
    }
  }

  static class Senseless {
    @McpTool(name = "senseless", description = "Has a policy that makes no sense")
    @LonghaulTool(rate = "often")
    String senseless() {
      return "";
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theAuthorsPolicyIsFoundAlsoBehindAProxy(boolean proxied) {
    ApplicationContextRunner runner = context.withBean(Policed.class);
    (proxied ? runner.withUserConfiguration(Proxied.class) : runner)
        .withPropertyValues("longhaul.tools.policed.queue=slow")
        .run(started -> {
          assertThat(AopUtils.isAopProxy(started.getBean(Policed.class))).isEqualTo(proxied);
          ToolCatalogue tools = started.getBean(ToolCatalogue.class);
          Tool policed = tools.find("policed").orElseThrow();
          assertThat(policed.policy().queue()).isEqualTo("slow");
          assertThat(policed.policy().estimate()).isEqualTo(Duration.ofSeconds(90));
          Tool named = tools.find("named").orElseThrow();
          assertThat(named.policy().timeout()).isEqualTo(Duration.ofMinutes(10));
          assertThat(run(policed).path("content").path(0).path("text").asString())
              .isEqualTo(proxied ? "around policed" : "policed");
        });
  }

  @Test
  void aPolicyOfNoToolIsRefusedWithWhatToDo() {
    context
        .withBean("mine", NoTool.class)
        .run(failed ->
            assertThat(failed)
                .getFailure()
                .rootCause()
                .hasMessage(
                    "Cannot serve bean 'mine', method NoTool.forgotten (@LonghaulTool): the method"
                        + " is not a tool, so the annotation has no effect. Add @McpTool; for a"
                        + " tool that is made in another way set longhaul.tools.<name>.*"
                        + " instead."));
  }

  @Test
  void aPolicyThatMakesNoSenseStopsTheStart() {
    context
        .withBean(Senseless.class)
        .run(failed ->
            assertThat(failed)
                .getFailure()
                .isInstanceOfSatisfying(
                    ToolSettingsException.class,
                    e -> assertThat(e.action()).contains("Senseless.senseless"))
                .hasMessage(
                    "@LonghaulTool(rate) of the tool senseless is 'often'; use calls per time,"
                        + " such as 10/s, 100/m or 5/30s."));
  }

  @Test
  void aSettingOfAToolThatIsNotThereStopsTheStart() {
    context
        .withPropertyValues("longhaul.tools.gret.timeout=7s")
        .run(failed ->
            assertThat(failed)
                .getFailure()
                .rootCause()
                .isInstanceOf(ToolSettingsException.class)
                .hasMessageContaining("longhaul.tools.gret.timeout")
                .hasMessageContaining("the tool gret is unknown; did you mean \"greet\"?"));
  }

  @Test
  void everyAnnotatedMethodIsATool() {
    context.run(started ->
        assertThat(started.getBean(ToolCatalogue.class).all())
            .extracting(Tool::name)
            .contains(
                "checked",
                "count",
                "exchange",
                "greet",
                "meta",
                "nothing",
                "report",
                "request",
                "token",
                "transport",
                "unchecked"));
  }

  @ParameterizedTest
  @CsvSource({
    "greet, Hello Zoë",
    "report, reported",
    "token, token the-id",
    "meta, trace abc",
    "request, request {who=Zoë}",
    "exchange, elicitation false",
    "transport, nothing true",
  })
  void eachKindOfParameterArrives(String tool, String text) {
    assertThat(call(tool).path("content").path(0).path("text").asString()).isEqualTo(text);
  }

  @Test
  void whatAToolReportsGoesToItsCall() {
    call("report");
    assertThat(progress)
        .containsExactly(new Progress(0.5, null), new Progress(0.75, "three of four"));
    assertThat(logged).hasSize(2);
    assertThat(logged.getFirst()).startsWith("info ").endsWith(" working");
    assertThat(logged.getLast()).isEqualTo("warning rows odd");
    call("exchange");
    assertThat(logged.getLast()).startsWith("error ").endsWith(" via exchange");
  }

  @Test
  void aStructuredResultIsRepeatedAsText() {
    ObjectNode result = call("count");
    assertThat(result.path("structuredContent"))
        .isEqualTo(Tools.object("{\"name\":\"rows.csv\",\"rows\":3}"));
    assertThat(Tools.object(result.path("content").path(0).path("text").asString()))
        .isEqualTo(result.path("structuredContent"));
  }

  @Test
  void anAnswerIsOneTextTheEnvelopeWithItsSummaryFirst() {
    ObjectNode result = call("answer");
    ObjectNode envelope = (ObjectNode) result.path("structuredContent");
    assertThat(result.path("content").size()).isEqualTo(1);
    assertThat(result.path("content").path(0).path("text").asString())
        .isEqualTo(envelope.toString())
        .startsWith("{\"summary\":\"3 rows.\"");
    assertThat(result.path("isError").asBoolean(true)).isFalse();
    assertThat(envelope.remove("timing").path("timeout_seconds").asDouble()).isGreaterThan(1e6);
    assertThat(envelope.toString())
        .isEqualTo(
            "{\"summary\":\"3 rows.\",\"data\":{\"name\":\"rows.csv\",\"rows\":3},\"counts\":{\"rows\":3},"
                + "\"errors\":[{\"code\":\"ROW\",\"type\":\"input\",\"message\":\"Row 7 is odd.\","
                + "\"remediation\":\"Correct row 7.\"}],\"warnings\":[{\"code\":\"SMALL\","
                + "\"message\":\"There are few rows.\"}]}");
  }

  @Test
  void anAnswerNeedsNoSchema() {
    ObjectNode result = call("plain_answer");
    assertThat(result.path("content").size()).isEqualTo(1);
    assertThat(result.path("content").path(0).path("text").asString())
        .startsWith("{\"summary\":\"One thing.\"");
    assertThat(result.path("structuredContent").propertyNames())
        .as("what is empty is left out")
        .containsExactly("summary", "data", "timing");
    assertThat(result.path("structuredContent").path("data").path("things").asInt()).isEqualTo(1);
  }

  @Test
  void anAnswerOfErrorsAloneIsAnError() {
    ObjectNode result = call("answerless");
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.has("structuredContent")).isFalse();
    assertThat(result.path("content").path(0).path("text").asString())
        .startsWith("{\"summary\":\"There is no such file.\"")
        .contains("NO_FILE", "Give another name.");
  }

  @Test
  void anAnswersSchemaDescribesItsData() {
    context.run(started -> {
      var properties =
          started
              .getBean(ToolCatalogue.class)
              .find("answer")
              .orElseThrow()
              .description()
              .path("outputSchema")
              .path("properties");
      assertThat(properties.propertyNames())
          .containsExactlyInAnyOrder("summary", "data", "counts", "errors", "warnings", "timing");
      assertThat(properties.path("data").path("properties").propertyNames())
          .containsExactlyInAnyOrder("name", "rows");
      assertThat(properties.path("errors").toString()).isEqualTo("{\"type\":\"array\"}");
      assertThat(properties.path("timing").toString()).isEqualTo("{\"type\":\"object\"}");
    });
  }

  @Test
  void theSchemasOfMethodsAreWithoutWhatTheGeneratorAddsForNobody() {
    context.run(started -> {
      ToolCatalogue tools = started.getBean(ToolCatalogue.class);
      for (String name : List.of("count", "answer")) {
        assertThat(tools.find(name).orElseThrow().description().toString())
            .as(name)
            .contains("\"rows\":{\"type\":\"integer\"}")
            .doesNotContain("$schema", "int32");
      }
    });
  }

  @Test
  void theDescriptionSaysWhatTheAnnotationsSay() {
    context.run(started -> {
      Tool count = started.getBean(ToolCatalogue.class).find("count").orElseThrow();
      assertThat(count.description().path("outputSchema").path("properties").has("rows")).isTrue();
      assertThat(count.policy().retry().repeatable()).isTrue();
      Tool greet = started.getBean(ToolCatalogue.class).find("greet").orElseThrow();
      assertThat(greet.policy().retry().repeatable()).isFalse();
      assertThat(started.getBean(ToolCatalogue.class).violations(greet, Tools.object("{}")))
          .singleElement()
          .satisfies(violation -> assertThat(violation.message()).contains("who"));
    });
  }

  @Test
  void aResultThatSaysErrorStaysOneAndNothingIsAnEmptyList() {
    assertThat(call("request").path("isError").asBoolean()).isTrue();
    assertThat(call("nothing").path("content").isArray()).isTrue();
  }

  @Test
  void whatAToolThrowsComesOutAsItWas() {
    assertThatThrownBy(() -> callOrThrow("checked"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the disk is full");
    assertThatThrownBy(() -> callOrThrow("unchecked"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such row");
  }

  /** A tool with a date as parameter, whose schema only has the type string. */
  static class Dated {
    @McpTool(name = "dated", description = "Takes a date")
    String dated(LocalDate day) {
      return day.toString();
    }
  }

  @Test
  void argumentsThatTheMethodCannotTakeAreAPermanentFailure() {
    context
        .withBean(Dated.class)
        .run(started -> {
          Tool dated = started.getBean(ToolCatalogue.class).find("dated").orElseThrow();
          ObjectNode params = Tools.object("{\"arguments\":{\"day\":\"the day before\"}}");
          assertThat(new ToolRunner(Tools.JSON).run(dated, params, running()))
              .isInstanceOfSatisfying(
                  Attempt.Failed.class,
                  failed -> {
                    assertThat(failed.retryable()).isFalse();
                    assertThat(failed.error().message())
                        .startsWith("The arguments do not fit the tool's Java method")
                        .contains("LocalDate");
                  });
        });
  }

  @Test
  void anMcpErrorIsAnAnswerWithItsCode() {
    assertThatThrownBy(() -> callOrThrow("refuses"))
        .isInstanceOfSatisfying(
            ToolRefusedException.class, e -> assertThat(e.code()).isEqualTo(-31999))
        .hasMessage("not today");
  }

  @Test
  void twoToolsOfOneNameAreRefusedWithWhatToDo() {
    context
        .withBean(AlsoGreets.class)
        .run(failed ->
            assertThat(failed)
                .getFailure()
                .hasMessage(
                    "Two @McpTool methods are named 'greet'; give one of them another name."));
  }

  private ObjectNode call(String tool) {
    try {
      return callOrThrow(tool);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private ObjectNode callOrThrow(String name) throws Exception {
    var found = new ArrayList<Tool>();
    context.run(
        started -> found.add(started.getBean(ToolCatalogue.class).find(name).orElseThrow()));
    return run(found.getFirst());
  }

  private ObjectNode run(Tool tool) throws Exception {
    String name = tool.name();
    String arguments =
        switch (name) {
          case "count" -> "{\"name\":\"rows.csv\"}";
          case "greet", "request" -> "{\"who\":\"Zoë\"}";
          default -> "{}";
        };
    return tool.handler()
        .call(
            new ToolCall(
                name, Tools.object(arguments), Tools.object("{\"trace\":\"abc\"}"), running()));
  }

  private AttemptContext running() {
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress said) {
            progress.add(said);
          }

          @Override
          public void log(JobLog said) {
            logged.add(
                said.level()
                    + " "
                    + said.logger()
                    + " "
                    + Tools.JSON.readTree(said.data()).asString());
          }
        };
    return new AttemptContext(
        "the-id", 1, "local", Instant.MAX, Clock.systemUTC(), Tools.JSON, sink);
  }
}
