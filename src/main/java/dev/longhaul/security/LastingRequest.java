package dev.longhaul.security;

import jakarta.servlet.ServletRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A response that goes on although the container has ended its request. Filters that keep something
 * for as long as a response lasts ask for it when the request returns to them.
 *
 * @param atEnd takes the actions to run once the response has ended, at once if it has
 * @param close ends the response, from any thread; if a write is in progress, it closes the
 *     connection instead of waiting for it
 */
public record LastingRequest(Consumer<Runnable> atEnd, Runnable close) {
  private static final String ATTRIBUTE = LastingRequest.class.getName();

  /** Declares that the response of this request goes on. */
  public void declare(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** How the response of this request goes on; null if it ends with the request. */
  public static @Nullable LastingRequest of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof LastingRequest lasting ? lasting : null;
  }
}
