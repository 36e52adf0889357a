package dev.longhaul.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an upstream is reached. */
public sealed interface Connection {

  /** Its program, or its URL, without what may be a secret. */
  String address();

  /**
   * A process with MCP on its standard input and output.
   *
   * @param command the program and its arguments
   * @param environment variables in addition to those that every child inherits; values may be
   *     secrets
   * @param directory the working directory; null for that of this process
   * @param maxMemory how many bytes of memory each of its processes may have; 0 for no limit
   * @param secrets what may be secret of the arguments
   */
  record Command(
      List<String> command,
      Map<String, String> environment,
      @Nullable Path directory,
      long maxMemory,
      Set<String> secrets)
      implements Connection {
    public Command {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      secrets = Set.copyOf(secrets);
    }

    /** Without a limit of memory and secrets in arguments. */
    public Command(
        List<String> command, Map<String, String> environment, @Nullable Path directory) {
      this(command, environment, directory, 0, Set.of());
    }

    /** The same with another limit of memory. */
    public Command limited(long memory) {
      return new Command(command, environment, directory, memory, secrets);
    }

    @Override
    public String address() {
      return command.getFirst();
    }

    /** Without arguments and values of variables, which may be secrets. */
    @Override
    public String toString() {
      return address() + " with " + (command.size() - 1) + " arguments";
    }
  }

  /**
   * A URL.
   *
   * @param url where requests are sent, {@code http} or {@code https}
   * @param transport which transport it speaks
   * @param headers sent with each request; values may be secrets
   * @param credentials how it gets access tokens without a person; null if it does not
   * @param login who this server is where a person logs in, should the upstream ask for that; null
   *     if it has credentials or the header Authorization
   */
  record Url(
      URI url,
      HttpKind transport,
      Map<String, String> headers,
      @Nullable ClientCredentials credentials,
      @Nullable LoginClient login)
      implements Connection {
    public Url {
      headers = Map.copyOf(headers);
    }

    /** A URL where nobody logs in. */
    public Url(
        URI url,
        HttpKind transport,
        Map<String, String> headers,
        @Nullable ClientCredentials credentials) {
      this(url, transport, headers, credentials, null);
    }

    /** A URL without access tokens. */
    public Url(URI url, HttpKind transport, Map<String, String> headers) {
      this(url, transport, headers, null);
    }

    /** The URL without its query, which may have a secret. */
    @Override
    public String address() {
      return url.getScheme()
          + "://"
          + url.getRawAuthority()
          + (url.getRawPath() == null ? "" : url.getRawPath());
    }

    /** Without values of headers, which may be secrets. */
    @Override
    public String toString() {
      return address() + " with " + headers.size() + " headers";
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
