package dev.longhaul.gateway.config;

import dev.longhaul.catalog.ToolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * One upstream, an MCP server whose tools are served here. With neither {@code command} nor {@code
 * url} it adds to the entry of this name in a file of {@code longhaul.mcp-servers}.
 *
 * @param command the program of a server that is started and speaks MCP on its standard input and
 *     output
 * @param args its arguments
 * @param env its environment variables, in addition to HOME, LOGNAME, PATH, SHELL, TERM and USER
 * @param envFile a file with more of them, one {@code NAME=value} a line
 * @param cwd its working directory (default: that of this server)
 * @param url the URL of a server that is reached over HTTP, instead of {@code command}
 * @param transport {@code streamable-http} or {@code sse} if the URL speaks only that (default: it
 *     is found out)
 * @param headers HTTP headers of each request to the URL
 * @param auth how access tokens for the URL are got
 * @param identity how the URL learns for whom a call is made (default: it does not)
 * @param enabled whether it is used (default: true)
 * @param tools which of its tools are served, and how
 * @param trustAnnotations whether its tools' readOnlyHint and idempotentHint are believed: such
 *     tools are run again after a crash or an exception (default: false)
 * @param session {@code shared}: one session for all callers, or {@code caller}: one for each
 *     (default: shared)
 * @param questions {@code client}: questions to a client that cannot answer are refused; {@code
 *     rest}: they wait for an answer over REST (default: client)
 * @param instances how many processes of {@code command} may run at once, 1 to 100; more than one
 *     only for a server without state (default: 1)
 * @param spread whether every worker runs processes of its own of {@code command}; only for a
 *     server without state (default: false)
 * @param maxMemory how much memory each process of {@code command} may have, 16MB or more; for
 *     Linux with prlimit (default: no limit)
 * @param startTimeout how long its start may take, with its first answer (default: 60 s)
 */
record UpstreamSettings(
    @Nullable String command,
    @Nullable List<String> args,
    @Nullable Map<String, String> env,
    @Nullable String envFile,
    @Nullable String cwd,
    @Nullable String url,
    @Nullable String transport,
    @Nullable Map<String, String> headers,
    @Nullable Auth auth,
    @Nullable Identity identity,
    @Nullable Boolean enabled,
    @Nullable Tools tools,
    @Nullable Boolean trustAnnotations,
    UpstreamConfig.@Nullable SessionScope session,
    UpstreamConfig.@Nullable QuestionRule questions,
    @Nullable Integer instances,
    @Nullable Boolean spread,
    @Nullable DataSize maxMemory,
    @Nullable Duration startTimeout) {
  static final UpstreamSettings NONE =
      new UpstreamSettings(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null);

  /**
   * Which of its tools are served, and how.
   *
   * @param allow patterns of their names, with {@code *} for any characters (default: all)
   * @param deny patterns of names that are left out; wins over {@code allow}
   * @param rename the name to serve by the upstream's own
   * @param policies settings of single tools by the upstream's own name, as {@code
   *     longhaul.tools.<name>}, which wins over them
   * @param pin whether a tool whose description or schema has changed stays as it was first known
   *     (default: false)
   */
  record Tools(
      @Nullable List<String> allow,
      @Nullable List<String> deny,
      @Nullable Map<String, String> rename,
      @Nullable Map<String, ToolSettings> policies,
      @Nullable Boolean pin) {}

  /**
   * How access tokens for the URL are got: with {@code tokenUrl} by OAuth client credentials,
   * without it by the login of a person (the command {@code upstreams login}).
   *
   * @param tokenUrl the token endpoint of the authorization server, for client credentials
   * @param clientId who this server is there (default for a login: it registers itself)
   * @param clientSecret its secret
   * @param clientSecretFile a file with it in the first line, instead of {@code client-secret}
   * @param scopes what is asked for (default: what the authorization server gives)
   * @param resource what the tokens are for (default: the upstream's URL, or for a login what the
   *     upstream names)
   * @param redirectPort the port on the loopback interface to which a login's browser is sent back
   *     (default: a free one)
   */
  record Auth(
      @Nullable String tokenUrl,
      @Nullable String clientId,
      @Nullable String clientSecret,
      @Nullable String clientSecretFile,
      @Nullable List<String> scopes,
      @Nullable String resource,
      @Nullable Integer redirectPort) {}

  /**
   * How the URL learns for whom a call is made. Each caller then has sessions of its own, and a
   * call without a known caller is refused.
   *
   * @param mode {@code header}: a signed JWT in a header, beside what {@code auth} or headers say;
   *     {@code jwt-bearer}: an access token that {@code auth.token-url} gives for a signed JWT (RFC
   *     7523); {@code exchange}: an access token that it gives for the caller's own when a call is
   *     submitted (RFC 8693)
   * @param header the header with the JWT (default: Longhaul-Owner)
   * @param issuer {@code iss} of the JWT (default: longhaul; for {@code jwt-bearer} {@code
   *     auth.client-id})
   * @param audience {@code aud} of the JWT (default: the URL; for {@code jwt-bearer} {@code
   *     auth.token-url}); for {@code exchange} that of the token (default: {@code auth.resource}
   *     alone says it)
   * @param lifetime how long a JWT is valid, 10 s to 5 min (default: 60 s)
   * @param keyFile a file with the private key that signs: PEM (PKCS #8) or a JSON Web Key, of RSA
   *     (RS256), P-256 (ES256) or Ed25519 (EdDSA)
   * @param keyId {@code kid} of the JWT (default: that of the JSON Web Key, else none)
   * @param secret a secret of 32 bytes or more that signs (HS256), instead of {@code key-file}
   * @param secretFile a file with it in the first line
   */
  record Identity(
      @Nullable Mode mode,
      @Nullable String header,
      @Nullable String issuer,
      @Nullable String audience,
      @Nullable Duration lifetime,
      @Nullable String keyFile,
      @Nullable String keyId,
      @Nullable String secret,
      @Nullable String secretFile) {
    /** How an upstream learns for whom a call is made. */
    enum Mode {
      HEADER,
      JWT_BEARER,
      EXCHANGE
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Identity[mode=" + mode + "]";
    }
  }

  /** Without values, which may be secrets. */
  @Override
  public String toString() {
    return "UpstreamSettings";
  }
}
