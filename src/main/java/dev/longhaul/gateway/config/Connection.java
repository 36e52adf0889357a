package dev.longhaul.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an upstream is reached. */
public sealed interface Connection {

  /**
   * A process with MCP on its standard input and output.
   *
   * @param command the program and its arguments
   * @param environment variables in addition to those that every child inherits; values may be
   *     secrets
   * @param directory the working directory; null for that of this process
   */
  record Command(List<String> command, Map<String, String> environment, @Nullable Path directory)
      implements Connection {
    public Command {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * A URL.
   *
   * @param url where requests are sent, {@code http} or {@code https}
   * @param transport which transport it speaks
   * @param headers sent with each request; values may be secrets
   */
  record Url(URI url, HttpKind transport, Map<String, String> headers) implements Connection {
    public Url {
      headers = Map.copyOf(headers);
    }
  }

  /** The transport behind a URL. */
  enum HttpKind {
    /** Streamable HTTP, or HTTP with SSE where the upstream has only that. */
    DETECTED,
    STREAMABLE,
    SSE
  }
}
