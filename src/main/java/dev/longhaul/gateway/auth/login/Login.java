package dev.longhaul.gateway.auth.login;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login for an upstream, with all that is needed to renew it. It is stored encrypted.
 *
 * @param upstream the address of the upstream, which alone gets the access token
 * @param tokenEndpoint where it is renewed
 * @param revocationEndpoint where it is ended (RFC 7009), or null
 * @param client who this server is there
 * @param resource what the tokens are for (RFC 8707)
 * @param tokens the current tokens
 */
record Login(
    String upstream,
    URI tokenEndpoint,
    @Nullable URI revocationEndpoint,
    Client client,
    String resource,
    Tokens tokens) {

  /** The same login with renewed tokens. */
  Login with(Tokens renewed) {
    return new Login(upstream, tokenEndpoint, revocationEndpoint, client, resource, renewed);
  }

  /** Until when the login holds; null if that is not known. */
  @Nullable Instant until() {
    return tokens.refresh() == null ? tokens.accessUntil() : tokens.refreshUntil();
  }

  /** Without tokens. */
  @Override
  public String toString() {
    return "a login for " + upstream;
  }

  /**
   * The tokens of a login.
   *
   * @param access what is sent to the upstream
   * @param at when they were got
   * @param accessUntil until when the access token is valid
   * @param refresh what gets others; null if there is none
   * @param refreshUntil until when it is valid; null if that is not known
   */
  record Tokens(
      String access,
      Instant at,
      Instant accessUntil,
      @Nullable String refresh,
      @Nullable Instant refreshUntil) {

    /** Without values. */
    @Override
    public String toString() {
      return "tokens until " + accessUntil;
    }
  }

  /**
   * Who this server is at an authorization server.
   *
   * @param secret null for a public client
   * @param method how it identifies itself
   * @param registered whether it registered itself
   */
  record Client(String id, @Nullable String secret, Method method, boolean registered) {

    /** Without the secret. */
    @Override
    public String toString() {
      return id;
    }
  }

  /** How a client identifies itself at the token endpoint (RFC 7591, section 2). */
  enum Method {
    NONE("none"),
    BASIC("client_secret_basic"),
    POST("client_secret_post");

    private final String text;

    Method(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}
