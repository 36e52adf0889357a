package dev.longhaul.load;

import jakarta.servlet.ServletRequest;
import java.util.function.Consumer;

/** A request whose response goes on although the container has ended the request. */
public final class LastingRequest {
  private static final String ATTRIBUTE = LastingRequest.class.getName();

  private LastingRequest() {}

  /**
   * Declares that the response goes on.
   *
   * @param atEnd takes the actions to run once it has ended
   */
  public static void declare(ServletRequest request, Consumer<Runnable> atEnd) {
    request.setAttribute(ATTRIBUTE, atEnd);
  }

  /** Runs the action once the response has ended. */
  @SuppressWarnings("unchecked") // only declare sets it
  static void atEnd(ServletRequest request, Runnable action) {
    if (request.getAttribute(ATTRIBUTE) instanceof Consumer<?> atEnd) {
      ((Consumer<Runnable>) atEnd).accept(action);
    } else {
      InFlight.AtEnd.of(request, action);
    }
  }
}
