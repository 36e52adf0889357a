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

/** Meters every request and its answer, and gives back what they took when they are over. */
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

  /** Runs something once a request is over, also one that goes on after its first thread. */
  record AtEnd(Runnable action) implements AsyncListener {
    static void of(ServletRequest request, Runnable action) {
      if (!request.isAsyncStarted()) {
        action.run();
        return;
      }
      try {
        request.getAsyncContext().addListener(new AtEnd(action));
      } catch (IllegalStateException e) {
        action.run(); // it ended meanwhile
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
