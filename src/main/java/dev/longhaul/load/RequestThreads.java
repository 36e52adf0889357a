package dev.longhaul.load;

import dev.longhaul.thread.Threads;
import java.util.concurrent.ThreadPoolExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Gives the application's container our threads for requests ({@link Threads#requests}). */
final class RequestThreads
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered, AutoCloseable {
  /** As many as Tomcat has by default; quick calls need few, and what waits may take the others. */
  private static final int PLATFORM = 200;

  private final ThreadPoolExecutor threads = Threads.requests("longhaul-http", PLATFORM);

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addProtocolHandlerCustomizers(protocol -> protocol.setExecutor(threads));
  }

  /** After Boot's own, which gives it virtual threads. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
