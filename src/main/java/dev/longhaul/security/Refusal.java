package dev.longhaul.security;

/**
 * Why a request is refused, for its sender.
 *
 * @param status the HTTP status
 * @param code a stable code, the last part of the problem's type
 * @param title what is wrong, the same for every refusal of this code
 * @param detail what is wrong here, and the remedy
 */
public record Refusal(int status, String code, String title, String detail) {
  private static final int FORBIDDEN = 403;

  /** The Host header is missing, malformed, or not allowed. */
  static Refusal hostNotAllowed(String detail) {
    return new Refusal(FORBIDDEN, "host-not-allowed", "Host not allowed", detail);
  }

  /** The path is ambiguous. */
  static Refusal ambiguousPath() {
    return new Refusal(
        400,
        "ambiguous-path",
        "Ambiguous path",
        "Send the path without parameters (;), dot segments, backslashes and encoded slashes.");
  }

  /** The content encoding of the body is not supported. */
  static Refusal unknownEncoding() {
    return new Refusal(
        415,
        "unsupported-content-encoding",
        "Unsupported content encoding",
        "Send the body as it is, or compressed once with gzip.");
  }

  /** The request comes from a web page of another origin. */
  static Refusal originNotAllowed(String detail) {
    return new Refusal(FORBIDDEN, "origin-not-allowed", "Origin not allowed", detail);
  }
}
