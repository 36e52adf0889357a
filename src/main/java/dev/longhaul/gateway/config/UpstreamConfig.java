package dev.longhaul.gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One upstream as the operator configured it, with all references to variables and files resolved.
 *
 * @param name its name, {@code [A-Za-z0-9_.-]{1,40}}, unique
 * @param connection how it is reached
 * @param tools which of its tools are served, under which names, with which policies
 * @param trustAnnotations whether readOnlyHint and idempotentHint of its tools are believed: such
 *     tools may be repeated after a crash
 * @param session one session for all callers, or one for each
 * @param questions what happens with questions to a client that cannot answer them
 * @param instances how many processes a stdio upstream may have at once, at least 1
 * @param spread whether every worker may run processes of its own of a stdio upstream
 * @param startTimeout how long a start, with the first answer, may take
 * @param identity how it learns for whom a call is made; null if it does not
 */
public record UpstreamConfig(
    String name,
    Connection connection,
    ToolRules tools,
    boolean trustAnnotations,
    SessionScope session,
    QuestionRule questions,
    int instances,
    boolean spread,
    Duration startTimeout,
    @Nullable OwnerIdentity identity) {

  /** An upstream that does not learn for whom a call is made. */
  public UpstreamConfig(
      String name,
      Connection connection,
      ToolRules tools,
      boolean trustAnnotations,
      SessionScope session,
      QuestionRule questions,
      int instances,
      boolean spread,
      Duration startTimeout) {
    this(
        name,
        connection,
        tools,
        trustAnnotations,
        session,
        questions,
        instances,
        spread,
        startTimeout,
        null);
  }

  /**
   * The queue in which jobs of its tools wait: one of its own if one process runs all of them; null
   * for that of each tool's policy.
   */
  public @Nullable String queue() {
    return connection instanceof Connection.Command && !spread ? "upstream." + name : null;
  }

  /**
   * A digest of how it is reached, secrets included: what is known of it is valid while this stays
   * the same. It is cut to 128 bits.
   */
  public String digest() {
    StringBuilder text = new StringBuilder();
    switch (connection) {
      case Connection.Command command -> {
        part(text, "command");
        command.command().forEach(each -> part(text, each));
        part(text, String.valueOf(command.directory()));
        new TreeMap<>(command.environment())
            .forEach((key, value) -> {
              part(text, key);
              part(text, value);
            });
      }
      case Connection.Url url -> {
        part(text, "url");
        part(text, url.url().toString());
        part(text, url.transport().name());
        new TreeMap<>(url.headers())
            .forEach((key, value) -> {
              part(text, key);
              part(text, value);
            });
        ClientCredentials credentials = url.credentials();
        if (credentials != null) {
          part(text, credentials.tokenUrl().toString());
          part(text, credentials.clientId());
          part(text, credentials.clientSecret());
          part(text, String.join(" ", credentials.scopes()));
          part(text, credentials.resource());
        }
        LoginClient login = url.login();
        if (login != null && !login.equals(LoginClient.UNNAMED)) {
          part(text, String.valueOf(login.id()));
          part(text, String.join(" ", login.scopes()));
          part(text, String.valueOf(login.resource()));
        }
      }
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  // With its length, so that no two lists of parts are one text.
  private static void part(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }

  /** Whose calls share a session with the upstream. */
  public enum SessionScope {
    SHARED,
    CALLER
  }

  /** What happens with a question that the client of the call cannot be asked. */
  public enum QuestionRule {
    /** It is refused at once. */
    CLIENT,
    /** It waits for an answer over REST. */
    REST
  }
}
