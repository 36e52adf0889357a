package dev.longhaul.gateway.config;

import dev.longhaul.gateway.config.OwnerIdentity.Assertion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the settings {@code identity.*} of an upstream and reads its key. */
final class IdentityReader {
  private static final Duration LIFETIME = Duration.ofSeconds(60);
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final long LARGEST_FILE = 64 << 10;
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
  private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7E]{1,512}");

  /** Headers that say something else. */
  private static final Set<String> TAKEN =
      Set.of(
          "accept",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "host",
          "last-event-id",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final UpstreamSettings.Identity settings;
  private final Variables variables;

  private IdentityReader(UpstreamSettings.Identity settings, Variables variables) {
    this.settings = settings;
    this.variables = variables;
  }

  /**
   * Reads how callers are told to an upstream.
   *
   * @param encrypts whether there is a key that encrypts what is stored
   * @return null if they are not
   * @throws InvalidEntryException if the settings are wrong
   */
  static @Nullable OwnerIdentity read(
      Connection connection, UpstreamSettings options, Variables variables, boolean encrypts) {
    UpstreamSettings.Identity settings = options.identity();
    if (settings == null) {
      return null;
    }
    if (!(connection instanceof Connection.Url url)) {
      throw new InvalidEntryException("identity is only for a url; leave it out");
    }
    if (options.session() == UpstreamConfig.SessionScope.SHARED) {
      throw new InvalidEntryException(
          "it has identity and session=shared, but a session that says for whom it calls is of one"
              + " caller; leave session out, or set it to caller");
    }
    if (settings.mode() == null) {
      throw new InvalidEntryException(
          "identity.mode is missing; add header, jwt-bearer or exchange");
    }
    IdentityReader reader = new IdentityReader(settings, variables);
    return switch (settings.mode()) {
      case HEADER -> reader.header(url);
      case JWT_BEARER -> reader.jwtBearer(url);
      case EXCHANGE -> reader.exchange(url, encrypts);
    };
  }

  private OwnerIdentity header(Connection.Url url) {
    String name = Objects.requireNonNullElse(settings.header(), "Longhaul-Owner").strip();
    String lower = name.toLowerCase(Locale.ROOT);
    if (!HEADER.matcher(name).matches() || TAKEN.contains(lower) || lower.startsWith("mcp-")) {
      throw new InvalidEntryException(
          "identity.header is no name of a header that is free for it; choose another one");
    }
    if (url.headers().keySet().stream().anyMatch(name::equalsIgnoreCase)) {
      throw new InvalidEntryException(
          "headers has " + name + " too, which identity.header names; leave one of them out");
    }
    return new OwnerIdentity.Header(
        name,
        new Assertion(
            key(),
            text("identity.issuer", settings.issuer(), "longhaul"),
            text("identity.audience", settings.audience(), url.address()),
            lifetime()));
  }

  private OwnerIdentity jwtBearer(Connection.Url url) {
    if (settings.header() != null) {
      throw new InvalidEntryException(
          "identity.header is only for identity.mode=header; leave it out");
    }
    ClientCredentials credentials = credentials(url);
    return new OwnerIdentity.JwtBearer(
        new Assertion(
            key(),
            text("identity.issuer", settings.issuer(), credentials.clientId()),
            text("identity.audience", settings.audience(), credentials.tokenUrl().toString()),
            lifetime()));
  }

  private OwnerIdentity exchange(Connection.Url url, boolean encrypts) {
    if (!encrypts) {
      throw new InvalidEntryException(
          "identity.mode=exchange keeps tokens with jobs, which needs"
              + " longhaul.security.encryption.key; set it");
    }
    if (Stream.of(
            settings.header(),
            settings.issuer(),
            settings.lifetime(),
            settings.keyFile(),
            settings.keyId(),
            settings.secret(),
            settings.secretFile())
        .anyMatch(Objects::nonNull)) {
      throw new InvalidEntryException(
          "identity.mode=exchange signs nothing; leave out of identity all but mode and audience");
    }
    credentials(url);
    return new OwnerIdentity.Exchange(
        settings.audience() == null ? null : text("identity.audience", settings.audience(), ""));
  }

  private ClientCredentials credentials(Connection.Url url) {
    if (url.credentials() == null) {
      throw new InvalidEntryException(
          "identity.mode="
              + String.valueOf(settings.mode()).toLowerCase(Locale.ROOT).replace('_', '-')
              + " needs auth.token-url, auth.client-id and auth.client-secret; add them");
    }
    return url.credentials();
  }

  private String text(String field, @Nullable String given, String otherwise) {
    String text = given == null ? otherwise : variables.filled(field, given).strip();
    if (!TEXT.matcher(text).matches()) {
      throw new InvalidEntryException(
          field + " must be 1 to 512 visible ASCII characters; correct it");
    }
    return text;
  }

  private Duration lifetime() {
    Duration lifetime = Objects.requireNonNullElse(settings.lifetime(), LIFETIME);
    if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
      throw new InvalidEntryException(
          "identity.lifetime is " + lifetime.toMillis() + " ms; it must be from 10 s to 5 min");
    }
    return lifetime;
  }

  private SigningKey key() {
    long given =
        Stream.of(settings.keyFile(), settings.secret(), settings.secretFile())
            .filter(Objects::nonNull)
            .count();
    if (given != 1) {
      throw new InvalidEntryException(
          "identity needs a key that signs: set one of identity.key-file, identity.secret and"
              + " identity.secret-file");
    }
    String id = settings.keyId() == null ? null : text("identity.key-id", settings.keyId(), "");
    if (settings.keyFile() != null) {
      return SigningKey.read(
          "identity.key-file", content("identity.key-file", settings.keyFile()), id);
    }
    if (settings.secretFile() != null) {
      String field = "identity.secret-file";
      String first = content(field, settings.secretFile()).lines().findFirst().orElse("");
      return SigningKey.ofSecret(field, first.strip(), id);
    }
    String secret = variables.filled("identity.secret", String.valueOf(settings.secret()));
    return SigningKey.ofSecret("identity.secret", secret.strip(), id);
  }

  private String content(String field, String file) {
    Path path = variables.path(field, file);
    try {
      if (Files.size(path) > LARGEST_FILE) {
        throw new InvalidEntryException(field + " is larger than 64 KB; it must be one key");
      }
      return Files.readString(path);
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidEntryException(field + " cannot be read: " + file + "; correct it");
    }
  }
}
