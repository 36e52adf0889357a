package dev.longhaul.gateway.auth;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.DelegationRefusedException;
import dev.longhaul.gateway.auth.owner.OwnerToken;
import dev.longhaul.gateway.auth.owner.SealedTokens;
import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.OwnerIdentity;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.job.JobId;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the access tokens of callers for ones that only one upstream takes (RFC 8693), in the
 * process where a call is submitted.
 */
final class ExchangedTokens implements DelegatedTokens {
  private final Function<String, @Nullable Entry> upstreams;
  private final Supplier<TokenEndpoint> endpoint;
  private final @Nullable SealedTokens tokens;
  private final Clock clock;

  /**
   * @param upstreams the entry of an upstream in this process, by its name; null if it has none
   * @param tokens keeps what was exchanged; null without an encryption key
   */
  ExchangedTokens(
      Function<String, @Nullable Entry> upstreams,
      Supplier<TokenEndpoint> endpoint,
      @Nullable SealedTokens tokens,
      Clock clock) {
    this.upstreams = upstreams;
    this.endpoint = endpoint;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  public Delegated get(String tool, String owner, @Nullable String own) {
    String upstream = tool.substring(0, Math.max(0, tool.indexOf('/')));
    if (own == null) {
      throw refused(
          "Upstream "
              + upstream
              + " takes calls in the name of a caller with an access token only"
              + " (longhaul.upstreams."
              + upstream
              + ".identity.mode=exchange), and this call came without one; API keys cannot be"
              + " exchanged.");
    }
    Entry entry = upstreams.apply(upstream);
    UpstreamConfig config = entry == null ? null : entry.config();
    if (tokens == null
        || config == null
        || !(config.identity() instanceof OwnerIdentity.Exchange exchange)
        || !(config.connection() instanceof Connection.Url url)
        || url.credentials() == null) {
      throw refused(
          "This process cannot exchange tokens for upstream "
              + upstream
              + ": configure longhaul.upstreams."
              + upstream
              + ".auth and .identity, and longhaul.security.encryption.key, in processes with the"
              + " role api too"
              + (entry == null || entry.reason() == null ? "." : " (" + entry.reason() + ")."));
    }
    OwnerToken token = exchanged(upstream, url.credentials(), exchange, own);
    SealedTokens kept = tokens;
    return job -> kept.keep(upstream, owner, job, token);
  }

  private OwnerToken exchanged(
      String upstream, ClientCredentials credentials, OwnerIdentity.Exchange exchange, String own) {
    try {
      AccessToken token = endpoint.get().exchange(upstream, credentials, exchange.audience(), own);
      if (token.value().equals(own)) {
        throw refused(
            "The authorization server of the upstream "
                + upstream
                + " gave back the caller's own token, which is not passed on.");
      }
      return new OwnerToken(token.value(), clock.instant().plus(token.lifetime()));
    } catch (CallerRefusedException e) {
      throw new DelegationRefusedException(String.valueOf(e.getMessage()), false, e);
    } catch (UpstreamLostException e) {
      throw new DelegationRefusedException(String.valueOf(e.getMessage()), true, e);
    }
  }

  private static DelegationRefusedException refused(String message) {
    return new DelegationRefusedException(message, false, null);
  }

  @Override
  public void forget(JobId job) {
    if (tokens != null) {
      tokens.forget(job);
    }
  }
}
