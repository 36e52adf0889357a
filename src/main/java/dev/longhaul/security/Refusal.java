package dev.longhaul.security;

/** Why a request is not let in, in words for whoever sent it. */
sealed interface Refusal {
  /** A stable name, the last part of the problem's type. */
  String code();

  String title();

  String detail();

  /** The Host header is missing, malformed, or not allowed. */
  record HostNotAllowed(String detail) implements Refusal {
    @Override
    public String code() {
      return "host-not-allowed";
    }

    @Override
    public String title() {
      return "Host not allowed";
    }
  }

  /** The request was made by a web page of another origin. */
  record OriginNotAllowed(String detail) implements Refusal {
    @Override
    public String code() {
      return "origin-not-allowed";
    }

    @Override
    public String title() {
      return "Origin not allowed";
    }
  }
}
