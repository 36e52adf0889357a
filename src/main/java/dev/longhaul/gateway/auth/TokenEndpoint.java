package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.Wire;
import dev.longhaul.outbound.OutboundClient;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Asks token endpoints for access tokens (RFC 6749). They are hosts that the operator has named.
 */
final class TokenEndpoint implements AutoCloseable {
  private static final Timeout LIMIT = Timeout.ofSeconds(10);
  private static final int LONGEST_RESPONSE = 65_536;
  private static final int LONGEST_TOKEN = 16_384;
  private static final int OK = 200;
  private static final Duration UNSAID = Duration.ofMinutes(5);
  private static final long LONGEST_SECONDS = Duration.ofDays(30).toSeconds();

  /** A bearer token (RFC 6750, section 2.1). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");

  /** An error code (RFC 6749, section 5.2), which is shown. */
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

  private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

  /** What is wrong with the owner and not with this server (RFC 6749, section 5.2, RFC 8693). */
  private static final Set<String> OF_THE_OWNER =
      Set.of("invalid_grant", "access_denied", "invalid_target");

  private final CloseableHttpClient client;

  TokenEndpoint(ObservationRegistry observations) {
    this.client =
        OutboundClient.builder(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(LIMIT)
                            .setSocketTimeout(LIMIT)
                            .build()),
                RequestConfig.custom()
                    .setConnectionRequestTimeout(LIMIT)
                    .setResponseTimeout(LIMIT)
                    .build(),
                "longhaul-gateway",
                observations)
            .build();
  }

  /**
   * Gets a new token.
   *
   * @param upstream the upstream that it is for, for messages
   * @throws UpstreamLostException if there is none; nothing was sent to the upstream
   */
  AccessToken request(String upstream, ClientCredentials credentials) {
    return post(upstream, credentials, form("client_credentials", credentials), false);
  }

  /**
   * Gets a token for an owner by a signed statement (RFC 7523, section 2.1).
   *
   * @param upstream the upstream that it is for, for messages
   * @param assertion the statement
   * @throws CallerRefusedException if that owner gets none
   * @throws UpstreamLostException if there is none; nothing was sent to the upstream
   */
  AccessToken request(String upstream, ClientCredentials credentials, String assertion) {
    List<NameValuePair> form = form("urn:ietf:params:oauth:grant-type:jwt-bearer", credentials);
    form.add(new BasicNameValuePair("assertion", assertion));
    return post(upstream, credentials, form, true);
  }

  /**
   * Gets a token in exchange for a caller's own (RFC 8693, section 2.1).
   *
   * @param upstream the upstream that it is for, for messages
   * @param audience for whom it is, beside the resource; null if that says it all
   * @param own the caller's own token
   * @throws CallerRefusedException if the caller gets none
   * @throws UpstreamLostException if there is none
   */
  AccessToken exchange(
      String upstream, ClientCredentials credentials, @Nullable String audience, String own) {
    List<NameValuePair> form = form("urn:ietf:params:oauth:grant-type:token-exchange", credentials);
    form.add(new BasicNameValuePair("subject_token", own));
    form.add(new BasicNameValuePair("subject_token_type", TOKEN_TYPE));
    form.add(new BasicNameValuePair("requested_token_type", TOKEN_TYPE));
    if (audience != null) {
      form.add(new BasicNameValuePair("audience", audience));
    }
    return post(upstream, credentials, form, true);
  }

  private AccessToken post(
      String upstream, ClientCredentials credentials, List<NameValuePair> form, boolean owner) {
    HttpPost request = new HttpPost(credentials.tokenUrl());
    request.setHeader(HttpHeaders.AUTHORIZATION, basic(credentials));
    request.setHeader(HttpHeaders.ACCEPT, "application/json");
    request.setEntity(new UrlEncodedFormEntity(form, StandardCharsets.UTF_8));
    try {
      return client.execute(request, response -> token(upstream, response, owner));
    } catch (IOException e) {
      throw failed(upstream, "cannot be reached: " + e.getClass().getSimpleName(), 0, e);
    }
  }

  private static List<NameValuePair> form(String grant, ClientCredentials credentials) {
    List<NameValuePair> form = new ArrayList<>();
    form.add(new BasicNameValuePair("grant_type", grant));
    if (!credentials.scopes().isEmpty()) {
      form.add(new BasicNameValuePair("scope", String.join(" ", credentials.scopes())));
    }
    form.add(new BasicNameValuePair("resource", credentials.resource()));
    return form;
  }

  private static String basic(ClientCredentials credentials) {
    String both = encoded(credentials.clientId()) + ":" + encoded(credentials.clientSecret());
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8); // RFC 6749, section 2.3.1
  }

  private static AccessToken token(String upstream, ClassicHttpResponse response, boolean owner)
      throws IOException {
    int status = response.getCode();
    JsonNode answer = answer(response.getEntity());
    if (status != OK) {
      String error = answer.path("error").stringValue("");
      if (owner && OF_THE_OWNER.contains(error)) {
        throw new CallerRefusedException(
            "The authorization server of the upstream "
                + upstream
                + " gives no access token for the caller: HTTP "
                + status
                + ", "
                + error
                + " (longhaul.upstreams."
                + upstream
                + ".identity).",
            status,
            null);
      }
      throw failed(
          upstream,
          "gives no access token: HTTP "
              + status
              + (ERROR.matcher(error).matches() ? ", " + error : ""),
          status,
          null);
    }
    String value = answer.path("access_token").stringValue("");
    String type = answer.path("token_type").stringValue("");
    if (value.length() > LONGEST_TOKEN
        || !TOKEN.matcher(value).matches()
        || !type.equalsIgnoreCase("Bearer")) {
      throw failed(upstream, "has sent no bearer token", status, null);
    }
    JsonNode seconds = answer.path("expires_in");
    return new AccessToken(
        value,
        seconds.isNumber()
            ? Duration.ofSeconds(Math.clamp(seconds.asLong(0), 0, LONGEST_SECONDS))
            : UNSAID);
  }

  // Missing where it is no JSON of a sensible length.
  private static JsonNode answer(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return MissingNode.getInstance();
    }
    try (var content = entity.getContent()) {
      byte[] bytes = content.readNBytes(LONGEST_RESPONSE + 1);
      return bytes.length > LONGEST_RESPONSE
          ? MissingNode.getInstance()
          : Wire.JSON.readTree(bytes);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static UpstreamLostException failed(
      String upstream, String what, int status, @Nullable Throwable cause) {
    return new UpstreamLostException(
        "The authorization server of the upstream "
            + upstream
            + " "
            + what
            + " (longhaul.upstreams."
            + upstream
            + ".auth).",
        false,
        status,
        cause);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
