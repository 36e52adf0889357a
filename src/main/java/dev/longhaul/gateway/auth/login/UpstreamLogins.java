package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.LoginClient;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Logs in and out for the configured upstreams, as an operator asks for. */
public final class UpstreamLogins {
  private final ConfiguredUpstreams configured;
  private final LoginStore store;
  private final LoginKey key;
  private final Clock clock;

  UpstreamLogins(ConfiguredUpstreams configured, LoginStore store, LoginKey key, Clock clock) {
    this.configured = configured;
    this.store = store;
    this.key = key;
    this.clock = clock;
  }

  /**
   * A configured upstream.
   *
   * @param address its program or URL, without secrets; null if it is not used
   * @param login whether somebody is logged in; null if that was never asked for
   */
  public record Listed(String name, @Nullable String address, @Nullable LoginState login) {}

  /**
   * Logs a person in and stores the login.
   *
   * @param show gets the address to open in a browser
   * @param limit how long the person may take
   * @return until when the login holds; empty if that is not known
   * @throws LoginFailedException if nobody is logged in
   */
  public Optional<Instant> login(String upstream, Consumer<URI> show, Duration limit)
      throws LoginFailedException, InterruptedException {
    Connection.Url url = url(upstream);
    LoginClient client = url.login();
    if (client == null) {
      throw new LoginFailedException(
          "The upstream "
              + upstream
              + " has the header Authorization or client credentials. Leave these out of its"
              + " configuration to log in.");
    }
    var _ = key.encryption(); // before anybody is sent to a browser
    Login login =
        new LoginFlow(ObservationRegistry.NOOP, clock).run(upstream, url, client, show, limit);
    store.put(upstream, key.seal(upstream, login), login.until());
    return Optional.ofNullable(login.until());
  }

  /**
   * Ends the login of an upstream, at its authorization server too where that has an address for
   * it.
   *
   * @return what could not be done at the authorization server; empty if all is well
   * @throws LoginFailedException if there is no login
   */
  public Optional<String> logout(String upstream) throws LoginFailedException {
    Optional<LoginStore.Stored> stored = store.find(upstream);
    if (!store.remove(upstream)) {
      throw new LoginFailedException("There is no login of the upstream " + upstream + ".");
    }
    return stored.flatMap(found -> revoked(upstream, found));
  }

  private Optional<String> revoked(String upstream, LoginStore.Stored stored) {
    try {
      Login login = key.open(upstream, stored.sealed());
      URI endpoint = login.revocationEndpoint();
      if (endpoint != null && !stored.expired()) {
        try (var http = new LoginHttp(URI.create(login.upstream()), ObservationRegistry.NOOP)) {
          new TokenRequests(http, upstream, clock).revoke(login, endpoint);
        }
      }
      return Optional.empty();
    } catch (LoginFailedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** All configured upstreams, with their logins. */
  public List<Listed> list() {
    return configured.read(0).stream()
        .map(entry ->
            new Listed(
                entry.name(),
                entry.config() == null ? null : entry.config().connection().address(),
                store.state(entry.name(), clock.instant()).orElse(null)))
        .toList();
  }

  private Connection.Url url(String upstream) throws LoginFailedException {
    Entry entry =
        configured.read(0).stream()
            .filter(each -> each.name().equals(upstream))
            .findFirst()
            .orElseThrow(() ->
                new LoginFailedException(
                    "There is no upstream "
                        + upstream
                        + " in longhaul.upstreams and the files of longhaul.mcp-servers. Run the"
                        + " command with the settings of the server."));
    if (entry.config() == null) {
      throw new LoginFailedException(
          "The upstream " + upstream + " is not used: " + entry.reason() + ".");
    }
    if (entry.config().connection() instanceof Connection.Url url) {
      return url;
    }
    throw new LoginFailedException(
        "The upstream " + upstream + " is started by a command; a login is for a url.");
  }
}
