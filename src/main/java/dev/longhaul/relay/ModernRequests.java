package dev.longhaul.relay;

import dev.longhaul.relay.EventStream.Event;
import dev.longhaul.relay.Http.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests of 2026-07-28, each with the headers that this revision wants over HTTP. */
final class ModernRequests {
  private static final String TOOLS_LIST = "tools/list";
  private static final String TOOLS_CALL = "tools/call";
  private static final String LISTEN = "subscriptions/listen";
  private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
  private static final int HEADER_MISMATCH = -32020;
  private static final int MOST_PAGES = 100;
  private static final int MOST_REPETITIONS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Connection connection;
  private final Client client;
  private final MirroredArguments mirrored = new MirroredArguments();

  ModernRequests(Connection connection, Client client) {
    this.connection = connection;
    this.client = client;
  }

  /** Sends a request and passes on what comes until its response. */
  void call(OpenRequest request, String version) throws InterruptedException {
    Message message = request.message();
    try {
      if (!answered(request, version, true)) {
        learn(version);
        var _ = answered(request, version, false);
      }
    } catch (IllegalArgumentException e) {
      client.write(
          Replies.error(
              message.id(), Replies.INVALID_REQUEST, "A field of it cannot be sent as a header."));
    } catch (IOException | UnreachableException e) {
      if (!request.isCancelled()) {
        connection.refuse(message, e);
      }
    }
  }

  /**
   * Sends it until it is answered.
   *
   * @param first whether a lack of headers is no answer yet
   * @return false if its headers lack an argument
   */
  private boolean answered(OpenRequest request, String version, boolean first)
      throws IOException, InterruptedException {
    Message message = request.message();
    boolean listens = message.method().equals(LISTEN);
    for (int sent = 0; ; sent++) {
      Map<String, String> headers = headers(message, version);
      try (Answer answer = request.during(() -> connection.post(message, headers))) {
        if (!answer.isStream()) {
          byte[] body = answer.body();
          if (first && lacksHeader(message, answer.status(), body)) {
            return false;
          }
          note(message, body);
          connection.answer(message, answer.status(), body);
          return true;
        }
        if (relayed(request, answer, sent > 0)) {
          return true;
        }
      }
      if (!Connection.mayRepeat(message) || (!listens && sent >= MOST_REPETITIONS)) {
        throw new IOException("The stream ended before the response");
      }
      Thread.sleep(PAUSE);
    }
  }

  /**
   * Passes on what comes on the stream of a request.
   *
   * @param again whether it is the stream of a request that was sent again: the client knows then
   *     that its subscription is acknowledged
   * @return whether the response has come, or is not wanted any more
   * @throws Lines.TooLongException if an event is too long
   */
  private boolean relayed(OpenRequest request, Answer answer, boolean again) throws IOException {
    try {
      EventStream events = answer.events();
      for (Event event = events.next(); event != null; event = events.next()) {
        if (event.data().length > 0 && !(again && isAcknowledgement(event.data()))) {
          note(request.message(), event.data());
          if (client.pass(event.data(), request)) {
            return true;
          }
        }
      }
    } catch (Lines.TooLongException e) {
      throw e; // it would be as long when it is fetched again
    } catch (IOException e) {
      // Lost, or closed because the request is cancelled.
    }
    return request.isCancelled();
  }

  private static boolean isAcknowledgement(byte[] message) {
    Message read = Message.orNull(message, Message::ofServer);
    return read != null && read.method().equals(ACKNOWLEDGED);
  }

  private static boolean lacksHeader(Message message, int status, byte[] body) {
    return status == 400
        && message.method().equals(TOOLS_CALL)
        && Connection.errorCode(body) == HEADER_MISMATCH;
  }

  private void note(Message request, byte[] response) {
    if (request.method().equals(TOOLS_LIST)) {
      Message read = Message.orNull(response, Message::withResult);
      if (read != null) {
        mirrored.learn(read);
      }
    }
  }

  /** Reads the tools, which the client has not done in this process. */
  private void learn(String version) throws IOException, InterruptedException {
    String cursor = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      Message list = list(version, cursor);
      try (Answer answer = connection.post(list, headers(list, version))) {
        Message read = Message.orNull(answer.body(), Message::withResult);
        if (read == null) {
          return;
        }
        mirrored.learn(read);
        cursor = read.at("nextCursor");
      }
      if (cursor == null) {
        return;
      }
    }
  }

  private static Message list(String version, @Nullable String cursor) {
    String text =
        "{\"jsonrpc\":\"2.0\",\"id\":\"longhaul-stdio\",\"method\":\"tools/list\",\"params\":{"
            + (cursor == null ? "" : "\"cursor\":" + Message.quoted(cursor) + ",")
            + "\"_meta\":{\""
            + Message.VERSION_KEY
            + "\":"
            + Message.quoted(version)
            + ",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    return Message.ofClient(text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> headers(Message message, String version) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(Http.VERSION, version);
    headers.put("Mcp-Method", message.method());
    String name =
        switch (message.method()) {
          case TOOLS_CALL, "prompts/get" -> message.at("name");
          case "resources/read" -> message.at("uri");
          case "tasks/get", "tasks/update", "tasks/cancel" -> message.at("taskId");
          default -> null;
        };
    if (name != null) {
      headers.put("Mcp-Name", MirroredArguments.encoded(name));
    }
    if (name != null && message.method().equals(TOOLS_CALL)) {
      headers.putAll(mirrored.headers(name, message.object("arguments")));
    }
    return headers;
  }
}
