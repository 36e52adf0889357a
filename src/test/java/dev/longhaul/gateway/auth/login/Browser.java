package dev.longhaul.gateway.auth.login;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person with a browser, who fills in the forms of {@link TestAuthorizationServer}. */
final class Browser {
  private static final Pattern INPUT = Pattern.compile("<input[^>]*>");
  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Logs in and answers whether the client may have what it asks for.
   *
   * @return where the browser is sent back to
   */
  URI decide(URI address, boolean consents) throws IOException, InterruptedException {
    HttpResponse<String> page = followed(address, get(address));
    Map<String, String> login = inputs(page.body());
    login.put("username", TestAuthorizationServer.USER);
    login.put("password", TestAuthorizationServer.PASSWORD);
    URI at = page.uri().resolve("/login");
    page = followed(at, post(at, login));
    Map<String, String> consent = inputs(page.body());
    if (!consents) {
      consent.remove("scope");
    }
    HttpResponse<String> end = post(address.resolve("/oauth2/authorize"), consent);
    return URI.create(end.headers().firstValue("Location").orElseThrow());
  }

  /** Opens a page. */
  HttpResponse<String> get(URI address) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address).header("Accept", "text/html").build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(URI address, Map<String, String> form)
      throws IOException, InterruptedException {
    String body =
        form.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return client.send(
        HttpRequest.newBuilder(address)
            .header("Accept", "text/html")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> followed(URI from, HttpResponse<String> first)
      throws IOException, InterruptedException {
    HttpResponse<String> page = first;
    URI at = from;
    while (page.statusCode() == 302) {
      at = at.resolve(page.headers().firstValue("Location").orElseThrow());
      page = get(at);
    }
    return page;
  }

  private static Map<String, String> inputs(String html) {
    Map<String, String> inputs = new LinkedHashMap<>();
    Matcher each = INPUT.matcher(html);
    while (each.find()) {
      String name = attribute(each.group(), "name");
      if (!name.isEmpty()) {
        inputs.put(name, attribute(each.group(), "value"));
      }
    }
    return inputs;
  }

  private static String attribute(String tag, String name) {
    Matcher found = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
    return found.find() ? found.group(1) : "";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
