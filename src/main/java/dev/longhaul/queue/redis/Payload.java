package dev.longhaul.queue.redis;

/**
 * The field {@code p} of a job: its params, before which there are its headers if it has some, as
 * {@code h}, the headers, and a line break. Params are JSON and so do not begin with that letter.
 */
record Payload(String params, String headers) {
  private static final String NONE = "{}";

  String text() {
    return headers.equals(NONE) ? params : "h" + headers + "\n" + params;
  }

  static Payload read(String text) {
    if (!text.startsWith("h")) {
      return new Payload(text, NONE);
    }
    int end = text.indexOf('\n'); // headers are written without line breaks
    return new Payload(text.substring(end + 1), text.substring(1, end));
  }
}
