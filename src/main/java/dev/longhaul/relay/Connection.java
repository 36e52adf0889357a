package dev.longhaul.relay;

import dev.longhaul.relay.Http.Answer;
import dev.longhaul.relay.Http.NotReachedException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, again where the server was not reached. A message that may have arrived is sent
 * again only if that does nothing twice.
 */
final class Connection {
  /** How long is tried to reach a server; a restart takes less. */
  static final Duration LIMIT = Duration.ofSeconds(45);

  /** The client is told this of a call whose answer is lost. */
  static final String LOST =
      "The connection to Longhaul was lost during this call. It may have been made and may still"
          + " run; the same call made again goes on with it.";

  private static final String TOOLS_CALL = "tools/call";

  private final Server server;
  private final Http http;
  private final Client client;
  private final Duration answerLimit;

  /**
   * @param answerLimit how long a message may take that the server answers at once
   */
  Connection(Server server, Http http, Client client, Duration answerLimit) {
    this.server = server;
    this.http = http;
    this.client = client;
    this.answerLimit = answerLimit;
  }

  /** The server has answered with what is no MCP response. */
  static final class NoMessageException extends IOException {
    private static final long serialVersionUID = 1L;

    NoMessageException() {
      super("Longhaul answered with what is no MCP response.");
    }
  }

  Server server() {
    return server;
  }

  Http http() {
    return http;
  }

  /** Whether a message may arrive twice. */
  static boolean mayRepeat(Message message) {
    return !message.method().equals(TOOLS_CALL) && message.kind() != Message.Kind.BATCH;
  }

  /**
   * Sends a message.
   *
   * @throws IOException if the connection is lost before an answer, and the message may have
   *     arrived
   * @throws UnreachableException if the server cannot be reached
   */
  Answer post(Message message, Map<String, String> headers)
      throws IOException, InterruptedException {
    return post(message, headers, null);
  }

  /**
   * Sends a message that the server answers at once, and gives up if it does not.
   *
   * @throws IOException if the connection is lost before an answer, and the message may have
   *     arrived
   * @throws UnreachableException if the server cannot be reached, or does not answer in time
   */
  Answer postLimited(Message message, Map<String, String> headers)
      throws IOException, InterruptedException {
    return post(message, headers, answerLimit);
  }

  private Answer post(Message message, Map<String, String> headers, @Nullable Duration limit)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Address to = server.address();
    while (true) {
      try {
        return http.post(to, headers, message.bytes(), limit);
      } catch (NotReachedException e) {
        giveUpLate(began, to);
      } catch (HttpTimeoutException e) {
        throw new UnreachableException("Longhaul at " + to + " does not answer.");
      } catch (IOException e) {
        if (!mayRepeat(message)) {
          throw e;
        }
        giveUpLate(began, to);
      }
      Address next = server.after(to);
      if (!next.equals(to)) {
        began = System.nanoTime(); // another one, which may have taken long to start
      }
      to = next;
    }
  }

  static void giveUpLate(long began, Address to) {
    if (System.nanoTime() - began > LIMIT.toNanos()) {
      throw new UnreachableException("Longhaul cannot be reached at " + to + ".");
    }
  }

  /** Answers a request with what came as one document. */
  void answer(Message request, int status, byte[] body) {
    Message read = Message.orNull(body, Message::ofServer);
    if (read == null || read.kind() != Message.Kind.RESPONSE) {
      String problem = problem(status);
      client.log(request.method() + ": " + problem);
      client.write(Replies.error(request.id(), Replies.INTERNAL_ERROR, problem));
    } else {
      client.write(read.id() == null ? withId(request, body) : body);
    }
  }

  /** An error that lacks the request's id, because the server refused it before it read that. */
  private static byte[] withId(Message request, byte[] body) {
    String message = Message.withError(body).at("message");
    return Replies.error(request.id(), errorCode(body), message == null ? "" : message);
  }

  /** The code of an error response; that of an internal error if it has none. */
  static int errorCode(byte[] body) {
    Message error = Message.orNull(body, Message::withError);
    String code = error == null ? null : error.idAt("code");
    try {
      return code == null ? Replies.INTERNAL_ERROR : Integer.parseInt(code);
    } catch (NumberFormatException e) {
      return Replies.INTERNAL_ERROR;
    }
  }

  private static String problem(int status) {
    return switch (status) {
      case 401 ->
          "Longhaul wants a key (HTTP 401): give it with --key-file FILE or in LONGHAUL_STDIO_KEY.";
      case 403 -> "Longhaul does not permit this with the given key (HTTP 403).";
      case 404 -> "There is no MCP endpoint at the given address (HTTP 404).";
      default -> "Longhaul answered with HTTP " + status + " and no message.";
    };
  }

  /** Answers a request whose answer is lost, or whose server cannot be reached. */
  void refuse(Message request, Exception why) {
    String text =
        switch (why) {
          case UnreachableException e -> String.valueOf(e.getMessage());
          case Lines.TooLongException e -> e.getMessage() + ", which is too long to be passed on.";
          case NoMessageException e -> String.valueOf(e.getMessage());
          default -> LOST;
        };
    client.log(request.method() + ": " + text);
    client.write(
        Replies.error(
            request.id(),
            why instanceof UnreachableException ? Replies.UNAVAILABLE : Replies.INTERNAL_ERROR,
            text));
  }

  /** Where the server is now, if that is known without starting it. */
  @Nullable Address running() {
    return server.running();
  }
}
