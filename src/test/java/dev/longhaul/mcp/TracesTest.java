package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.testing.TraceCollector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

/** Spans as the real exporter sends them, of an API process and a worker process. */
@Timeout(300)
class TracesTest {
  private static final String CLIENT = "b7ad6b7169203331";
  private static final TraceCollector COLLECTOR = new TraceCollector();
  private static final Map<String, String> TRACEPARENTS = new ConcurrentHashMap<>();
  private static HttpServer others;
  private static Replicas processes;

  @Configuration(proxyBeanMethods = false)
  static class NoTools {}

  @BeforeAll
  static void start() throws IOException {
    others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    others.createContext(
        "/",
        exchange -> {
          String traceparent = exchange.getRequestHeaders().getFirst("traceparent");
          TRACEPARENTS.put(exchange.getRequestURI().getPath(), String.valueOf(traceparent));
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    others.start();
    processes = new Replicas(1, NoTools.class, settings("api"));
    processes.start(settings("worker"));
    // The third has no endpoint.
    processes.start("--longhaul.role=api");
  }

  private static String[] settings(String role) {
    return new String[] {
      "--longhaul.role=" + role,
      "--management.opentelemetry.tracing.export.otlp.endpoint=" + COLLECTOR.url(),
      "--management.opentelemetry.tracing.export.schedule-delay=100ms",
      "--longhaul.builtin.enabled=true",
      "--longhaul.builtin.fetch.allow-private-addresses=true",
      "--longhaul.tools.fetch_urls.execution=queued",
      "--longhaul.notifications.webhook.secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "--longhaul.notifications.webhook.allow-http=true",
      "--longhaul.notifications.webhook.allowed-hosts=127.0.0.1"
    };
  }

  @AfterAll
  static void stop() {
    processes.close();
    others.stop(0);
    COLLECTOR.close();
  }

  @Test
  void oneTraceLeadsFromTheClientThroughQueueAndWorkerToOutgoingCallsAndWebhooks() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String traceparent = "00-" + trace + "-" + CLIENT + "-01";
    ObjectNode params =
        McpHttp.callParams("fetch_urls", "{\"urls\":[\"" + url("/page?secret=1") + "\"]}");
    params
        .putObject("_meta")
        .put("traceparent", traceparent)
        .put("dev.longhaul/callback_url", url("/hook"));
    var answer =
        processes.get(0).modern("tools/call", params).header("traceparent", traceparent).send();
    assertThat(answer.result().path("isError").asBoolean()).isFalse();

    Span http = span(trace, "http post /mcp");
    Span method = span(trace, "tools/call fetch_urls");
    Span job = span(trace, "job fetch_urls");
    Span tool = span(trace, "execute_tool fetch_urls");
    Span fetch = span(trace, "GET");
    Span delivery = span(trace, "job longhaul.notify");
    Span delivering = span(trace, "execute_tool longhaul.notify");
    Span webhook = span(trace, "POST");

    assertThat(TraceCollector.parent(http)).isEqualTo(CLIENT);
    assertThat(TraceCollector.parent(method)).isEqualTo(CLIENT);
    isChild(job, method);
    isChild(tool, job);
    isChild(fetch, tool);
    isChild(delivery, method);
    isChild(delivering, delivery);
    isChild(webhook, delivering);
    assertThat(TRACEPARENTS)
        .containsEntry("/page", "00-" + trace + "-" + TraceCollector.id(fetch) + "-01")
        .containsEntry("/hook", "00-" + trace + "-" + TraceCollector.id(webhook) + "-01");

    assertThat(method.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(job.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
    assertThat(tool.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
    assertThat(fetch.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(TraceCollector.attribute(method, "mcp.method.name")).isEqualTo("tools/call");
    assertThat(TraceCollector.attribute(method, "gen_ai.tool.name")).isEqualTo("fetch_urls");
    assertThat(TraceCollector.attribute(method, "gen_ai.operation.name")).isEqualTo("execute_tool");
    assertThat(TraceCollector.attribute(method, "mcp.protocol.version")).isEqualTo("2026-07-28");
    assertThat(TraceCollector.attribute(method, "jsonrpc.request.id")).isEqualTo("1");
    assertThat(TraceCollector.attribute(method, "error.type")).isEmpty();
    assertThat(COLLECTOR.trace(trace).toString()).doesNotContain("secret");
  }

  @Test
  void aJobSubmittedOverRestContinuesTheTraceOfItsHttpRequest() {
    String trace = "0af7651916cd43dd8448eb211c80319d";
    var answer =
        processes
            .get(0)
            .at("/api/v1/jobs")
            .raw("{\"tool\":\"fetch_urls\",\"arguments\":{\"urls\":[\"" + url("/rest") + "\"]}}")
            .header("Accept", "application/json")
            .header("traceparent", "00-" + trace + "-" + CLIENT + "-01")
            .send();
    assertThat(answer.status()).isEqualTo(202);

    Span http = span(trace, "http post /api/v1/jobs");
    Span job = span(trace, "job fetch_urls");
    assertThat(TraceCollector.parent(http)).isEqualTo(CLIENT);
    isChild(job, http);
    isChild(span(trace, "execute_tool fetch_urls"), job);
  }

  @Test
  void whatFailsHasTheStatusOfAnErrorAndItsType() {
    String trace = "0af7651916cd43dd8448eb211c80319e";
    ObjectNode params = McpHttp.callParams("no-such-tool", "{}");
    params.putObject("_meta").put("traceparent", "00-" + trace + "-" + CLIENT + "-01");
    assertThat(processes.get(0).modern("tools/call", params).send().code()).isEqualTo(-32602);
    Span method = span(trace, "tools/call");
    assertThat(method.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(TraceCollector.attribute(method, "error.type")).isEqualTo("-32602");
    assertThat(TraceCollector.attribute(method, "rpc.response.status_code")).isEqualTo("-32602");
  }

  @Test
  void withoutAnEndpointNothingIsTracedAndNoMetricsAreSent() {
    Assertions.assertThatThrownBy(() -> processes.bean(2, Tracer.class))
        .isInstanceOf(NoSuchBeanDefinitionException.class);
    assertThat(processes.bean(2, MeterRegistry.class))
        .satisfies(registry ->
            assertThat(
                    registry instanceof CompositeMeterRegistry all
                        ? all.getRegistries().toString()
                        : registry.toString())
                .doesNotContain("Otlp"));
  }

  private static void isChild(Span child, Span parent) {
    assertThat(TraceCollector.parent(child))
        .as(child.getName() + " is a child of " + parent.getName())
        .isEqualTo(TraceCollector.id(parent));
  }

  private static Span span(String trace, String name) {
    Awaitility.await("the span " + name)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(COLLECTOR.trace(trace)).extracting(Span::getName).contains(name));
    return COLLECTOR.find(trace, name).orElseThrow();
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + others.getAddress().getPort() + path;
  }
}
