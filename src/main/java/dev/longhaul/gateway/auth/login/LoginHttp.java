package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.rpc.Wire;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.AddressRefusedException;
import dev.longhaul.outbound.GuardedResolver;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.thread.Threads;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Requests of a login. An upstream and its authorization server name addresses: only those on the
 * public internet are used, over https, and those of the host that the operator configured.
 */
final class LoginHttp implements AutoCloseable {
  private static final Timeout LIMIT = Timeout.ofSeconds(10);
  private static final Duration WHOLE = Duration.ofSeconds(20);
  private static final int LONGEST_RESPONSE = 1 << 18;
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[?::1]?");

  private final URI configured;
  private final CloseableHttpClient client;

  /**
   * A response.
   *
   * @param challenges its headers {@code WWW-Authenticate}
   * @param body missing if it is no JSON of a sensible length
   */
  record Answer(int status, List<String> challenges, JsonNode body) {}

  /**
   * @param configured the URL of the upstream
   */
  LoginHttp(URI configured, ObservationRegistry observations) {
    this.configured = configured;
    this.client =
        OutboundClient.builder(
                new GuardedResolver(HostResolver.SYSTEM, new AddressGuard(), this::isConfigured),
                4,
                LIMIT,
                "longhaul-gateway",
                observations)
            .build();
  }

  private boolean isConfigured(String host) {
    String own = host(configured);
    String other = host.toLowerCase(Locale.ROOT);
    return own.equals(other)
        || (LOOPBACK.matcher(own).matches() && LOOPBACK.matcher(other).matches());
  }

  private static String host(URI url) {
    return String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
  }

  /**
   * Reads an address that was not configured.
   *
   * @param what what it is, for messages
   * @throws LoginFailedException if it is none that is used
   */
  URI address(String what, @Nullable String text) throws LoginFailedException {
    try {
      URI url = new URI(text == null ? "" : text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean safe =
          scheme.equals("https")
              || (scheme.equals("http")
                  && "http".equalsIgnoreCase(configured.getScheme())
                  && isConfigured(host(url)));
      if (safe
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new LoginFailedException(
        what + " is " + Shown.text(text) + ", which is no https URL and not used.");
  }

  /** Gets a JSON document. */
  Answer get(URI url, String what) throws LoginFailedException {
    HttpGet request = new HttpGet(url);
    request.setHeader(HttpHeaders.ACCEPT, "application/json");
    return send(request, what);
  }

  /** Sends a JSON document. */
  Answer post(URI url, String json, Map<String, String> headers, String what)
      throws LoginFailedException {
    HttpPost request = new HttpPost(url);
    request.setHeader(HttpHeaders.ACCEPT, "application/json");
    headers.forEach(request::setHeader);
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    return send(request, what);
  }

  /**
   * Sends a form.
   *
   * @param authorization the header {@code Authorization}, or null
   */
  Answer post(URI url, Map<String, String> form, @Nullable String authorization, String what)
      throws LoginFailedException {
    HttpPost request = new HttpPost(url);
    request.setHeader(HttpHeaders.ACCEPT, "application/json");
    if (authorization != null) {
      request.setHeader(HttpHeaders.AUTHORIZATION, authorization);
    }
    List<NameValuePair> fields =
        form.entrySet().stream()
            .<NameValuePair>map(each -> new BasicNameValuePair(each.getKey(), each.getValue()))
            .toList();
    request.setEntity(new UrlEncodedFormEntity(fields, StandardCharsets.UTF_8));
    return send(request, what);
  }

  private Answer send(HttpUriRequestBase request, String what) throws LoginFailedException {
    Thread deadline = Threads.virtual("longhaul-login-limit", () -> endLater(request));
    try {
      return client.execute(request, LoginHttp::answer);
    } catch (AddressRefusedException e) {
      throw new LoginFailedException(
          what
              + " has a host that is not used. Only hosts on the public internet are, and the"
              + " upstream's own.",
          e);
    } catch (IOException e) {
      throw new LoginFailedException(
          what + " cannot be reached: " + e.getClass().getSimpleName() + ".", e);
    } finally {
      deadline.interrupt();
    }
  }

  private static void endLater(HttpUriRequestBase request) {
    try {
      Thread.sleep(WHOLE);
      request.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it has ended in time
    }
  }

  private static Answer answer(ClassicHttpResponse response) throws IOException {
    return new Answer(
        response.getCode(),
        Arrays.stream(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE))
            .map(header -> String.valueOf(header.getValue()))
            .toList(),
        body(response.getEntity()));
  }

  private static JsonNode body(@Nullable HttpEntity entity) throws IOException {
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

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
