package dev.longhaul.relay;

import dev.longhaul.mcp.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A client of a relay that runs in this process, on pipes. */
final class StdioClient implements AutoCloseable {
  private static final int LIMIT_SECONDS = 60;
  private static final String P = "io.modelcontextprotocol/";

  final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final OutputStream in;
  private final BlockingQueue<JsonNode> out = new LinkedBlockingQueue<>();
  private final Deque<JsonNode> unread = new ArrayDeque<>();
  private final Thread thread;

  StdioClient(Server server) {
    this(
        server,
        new Relay.Limits(
            Relay.Limits.USUAL.longest(), Duration.ofMillis(500), Relay.Limits.USUAL.answer()));
  }

  StdioClient(Server server, Relay.Limits limits) {
    try {
      Pipe toRelay = Pipe.open();
      Pipe fromRelay = Pipe.open();
      in = Channels.newOutputStream(toRelay.sink());
      OutputStream relayed = Channels.newOutputStream(fromRelay.sink());
      Relay relay =
          new Relay(server, Channels.newInputStream(toRelay.source()), relayed, log::add, limits);
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try (relayed) {
                  relay.run();
                } catch (InterruptedException | IOException e) {
                  log.add("ended: " + e);
                }
              });
      var lines =
          new BufferedReader(
              new InputStreamReader(
                  Channels.newInputStream(fromRelay.source()), StandardCharsets.UTF_8));
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (lines) {
              for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.add(Json.tree(line));
              }
            } catch (IOException e) {
              log.add("unreadable: " + e);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(String line) {
    try {
      in.write((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next message that is so; others are kept. */
  JsonNode next(Predicate<JsonNode> wanted) {
    for (Iterator<JsonNode> all = unread.iterator(); all.hasNext(); ) {
      JsonNode message = all.next();
      if (wanted.test(message)) {
        all.remove();
        return message;
      }
    }
    try {
      while (true) {
        JsonNode message = out.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
          throw new AssertionError("Nothing came; before: " + unread + ", the log: " + log);
        }
        if (wanted.test(message)) {
          return message;
        }
        unread.add(message);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  JsonNode response(int id) {
    return next(message -> message.path("id").asInt(-1) == id && !message.has("method"));
  }

  JsonNode told(String method) {
    return next(message -> message.path("method").asString("").equals(method));
  }

  /** What came so far and was not read. */
  List<JsonNode> unread() {
    out.drainTo(unread);
    return List.copyOf(unread);
  }

  /** Begins a session of 2025-11-25. */
  JsonNode initialize(String capabilities) {
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
            + capabilities
            + ",\"clientInfo\":{\"name\":\"pipes\",\"version\":\"1\"}}}");
    JsonNode result = response(0);
    send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return result;
  }

  void legacy(int id, String method, String params) {
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
  }

  void legacyCall(int id, String tool, String arguments) {
    legacy(
        id,
        "tools/call",
        "{\"name\":\""
            + tool
            + "\",\"arguments\":"
            + arguments
            + ",\"_meta\":{\"progressToken\":\"p"
            + id
            + "\"}}");
  }

  /**
   * A request of 2026-07-28.
   *
   * @param params without _meta
   */
  void modern(int id, String method, String params, String capabilities) {
    String meta =
        "\"_meta\":{\""
            + P
            + "protocolVersion\":\"2026-07-28\",\""
            + P
            + "clientCapabilities\":"
            + capabilities
            + ",\"progressToken\":\"p"
            + id
            + "\"}";
    String all = params.equals("{}") ? "{" + meta + "}" : "{" + meta + "," + params.substring(1);
    legacy(id, method, all);
  }

  void modernCall(int id, String tool, String arguments) {
    modern(id, "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}", "{}");
  }

  /** Ends the input. */
  void endInput() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the input, and waits until the relay has ended. */
  @Override
  public void close() {
    try {
      in.close();
      thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (thread.isAlive()) {
      throw new AssertionError("The relay goes on after the end of its input");
    }
  }
}
