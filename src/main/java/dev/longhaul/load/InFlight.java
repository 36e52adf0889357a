package dev.longhaul.load;

import dev.longhaul.security.HttpRequestFilter;
import dev.longhaul.thread.OutOfMemory;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Meters the memory and time of every request and its response, and releases the memory at their
 * end.
 */
final class InFlight implements HttpRequestFilter {
  private final ByteBudget budget;
  private final InFlightProperties properties;

  InFlight(ByteBudget budget, InFlightProperties properties) {
    this.budget = budget;
    this.properties = properties;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ByteBudget.Lease lease = budget.lease();
    try {
      chain.doFilter(
          new MeteredRequest(request, lease, properties.receiveTimeout()),
          new MeteredResponse(response, lease, properties.writeTimeout()));
    } catch (Throwable e) {
      OutOfMemory.met(e);
      throw e;
    } finally {
      AtEnd.of(request, lease::close);
    }
  }

  /** Runs an action when an asynchronous request has ended. */
  record AtEnd(Runnable action) implements AsyncListener {
    static void of(ServletRequest request, Runnable action) {
      if (!request.isAsyncStarted()) {
        action.run();
        return;
      }
      try {
        request.getAsyncContext().addListener(new AtEnd(action));
      } catch (IllegalStateException e) {
        action.run(); // it has ended already
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
