package com.example.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Calls the shop as its customers and their assistants do. */
final class Shop {
  /** A job of the tool. */
  static final String JOB =
      """
      {"tool": "price_order", "arguments": {"pieces": 200}}
      """;

  private static final String META =
      """
      "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "assistant", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {}}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  Shop(int port) {
    this.base = URI.create("http://localhost:" + port);
  }

  /** Who may come in: ann and bob, each with the name as password. */
  @TestConfiguration(proxyBeanMethods = false)
  static class Customers {
    @Bean
    UserDetailsService customers() {
      return new InMemoryUserDetailsManager(
          User.withUsername("ann").password("{noop}ann").build(),
          User.withUsername("bob").password("{noop}bob").build());
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofString(body));
  }

  /** A call of the tool over MCP. */
  HttpRequest.Builder mcpCall() {
    return post(
            "/mcp",
            """
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
             "params": {"name": "price_order", "arguments": {"pieces": 10}, %s}}
            """
                .formatted(META))
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", "tools/call")
        .header("Mcp-Name", "price_order");
  }

  HttpRequest.Builder mcpTools() {
    return post(
            "/mcp",
            """
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {%s}}
            """
                .formatted(META))
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", "tools/list");
  }

  static HttpRequest.Builder as(String name, String password, HttpRequest.Builder request) {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return request.header(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
  }

  static HttpRequest.Builder ann(HttpRequest.Builder request) {
    return as("ann", "ann", request);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
