package dev.longhaul.builtin.fetch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Why fetching a URL failed, and what to do about it. */
@JsonPropertyOrder({"code", "type", "message", "remediation"})
public record FetchError(
    @JsonProperty("code") String code,
    @JsonProperty("type") String type,
    @JsonProperty("message") String message,
    @JsonProperty("remediation") String remediation) {

  static FetchError invalidUrl(String message) {
    return new FetchError(
        "INVALID_URL",
        "invalid_argument",
        message,
        "Give an absolute http or https URL without user name and password.");
  }

  static FetchError addressRefused(String message) {
    return new FetchError(
        "ADDRESS_REFUSED",
        "policy",
        message,
        "Only public addresses are fetched. An operator can allow others with"
            + " longhaul.builtin.fetch.allow-private-addresses=true.");
  }

  static FetchError unknownHost(String host) {
    return new FetchError(
        "UNKNOWN_HOST",
        "network",
        "No public address is known for " + host,
        "Check the host's name. An operator can allow names that lead elsewhere with"
            + " longhaul.builtin.fetch.allow-private-addresses=true.");
  }

  static FetchError connectFailed(String host) {
    return new FetchError(
        "CONNECT_FAILED",
        "network",
        host + " does not accept connections there",
        "Check host and port, or try again later.");
  }

  static FetchError tlsFailed(String host) {
    return new FetchError(
        "TLS_FAILED",
        "network",
        "No trusted TLS connection to " + host + " could be made",
        "The server's certificate or protocol is not acceptable; its owner has to correct it.");
  }

  static FetchError broken(String host) {
    return new FetchError(
        "CONNECTION_BROKEN",
        "network",
        "The connection to " + host + " broke, or what came was not HTTP",
        "Try again later.");
  }

  static FetchError timeout(int seconds) {
    return new FetchError(
        "TIMEOUT",
        "timeout",
        "No complete answer within " + seconds + " s",
        "Call fetch_urls again for this URL with a larger timeout_seconds.");
  }

  static FetchError tooManyRedirects(int max) {
    return new FetchError(
        "TOO_MANY_REDIRECTS",
        "http",
        "More than " + max + " redirects",
        "Fetch the address it leads to directly.");
  }

  static FetchError encoding(String encoding) {
    return new FetchError(
        "UNSUPPORTED_ENCODING",
        "http",
        "The body has the content encoding '" + encoding + "'",
        "It can only be read as gzip, deflate or plain; fetch another form of it.");
  }

  static FetchError status(int status) {
    return new FetchError(
        "HTTP_STATUS",
        "http",
        "The server answered with status " + status,
        status == 429 || status >= 500
            ? "Try again later."
            : "Check the URL; the body may say more.");
  }

  static FetchError internal(Throwable thrown) {
    return new FetchError(
        "FETCH_FAILED",
        "internal",
        "Fetching failed with " + thrown.getClass().getSimpleName(),
        "Try again; if it persists, an operator finds the cause in the worker's log.");
  }
}
