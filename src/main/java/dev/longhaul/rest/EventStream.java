package dev.longhaul.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server-sent events, written directly to the servlet's output stream. If the client has
 * disconnected, a write throws an {@link IOException}.
 */
final class EventStream {
  private final OutputStream out;
  private final JsonMapper json;

  EventStream(HttpServletResponse response, JsonMapper json) throws IOException {
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no"); // nginx would hold events back
    this.out = response.getOutputStream();
    this.json = json;
  }

  void event(String name, Object data) throws IOException {
    // JSON has no raw line breaks, so one data line carries it all.
    write("event: " + name + "\ndata: " + json.writeValueAsString(data) + "\n\n");
  }

  /** Sends an event with an id, from which a client can resume. */
  void event(String name, Object data, String id) throws IOException {
    write("id: " + id + "\nevent: " + name + "\ndata: " + json.writeValueAsString(data) + "\n\n");
  }

  void comment(String text) throws IOException {
    write(": " + text + "\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
