package dev.longhaul.load;

import dev.longhaul.thread.Threads;
import java.util.concurrent.ThreadPoolExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Makes the application's web server use {@link Threads#requests}. */
final class RequestThreads
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered, AutoCloseable {
  /** As many as Tomcat has by default. */
  private static final int PLATFORM = 200;

  private final ThreadPoolExecutor threads = Threads.requests("longhaul-http", PLATFORM);

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addProtocolHandlerCustomizers(protocol -> protocol.setExecutor(threads));
  }

  /** After Spring Boot's customizer, which sets virtual threads. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
