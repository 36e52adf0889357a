package dev.longhaul.rest;

import dev.longhaul.thread.Threads;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.api.AbstractOpenApiResource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ReflectionUtils;

/**
 * Builds the API description in the background some seconds after the start, because the first
 * request for it would wait for seconds. springdoc's own pre-loading would slow down the start.
 */
final class DescriptionAhead implements ApplicationListener<ApplicationReadyEvent> {
  private static final Logger log = LoggerFactory.getLogger(DescriptionAhead.class);

  private final ObjectProvider<AbstractOpenApiResource> descriptions;
  private final Duration delay;

  DescriptionAhead(ObjectProvider<AbstractOpenApiResource> descriptions, Duration delay) {
    this.descriptions = descriptions;
    this.delay = delay;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    build();
  }

  void build() {
    descriptions.ifUnique(this::schedule);
  }

  private void schedule(AbstractOpenApiResource description) {
    ScheduledThreadPoolExecutor timer = Threads.timer("longhaul-api-description", 1);
    var _ = timer.schedule(() -> build(description), delay.toMillis(), TimeUnit.MILLISECONDS);
    timer.shutdown(); // after what is scheduled
  }

  private static void build(AbstractOpenApiResource description) {
    try {
      // Not public, but the only way to build the document without a request.
      Method build = AbstractOpenApiResource.class.getDeclaredMethod("getOpenApi", Locale.class);
      ReflectionUtils.makeAccessible(build);
      build.invoke(description, Locale.ENGLISH);
    } catch (ReflectiveOperationException e) {
      log.debug("The API description is built when it is asked for", e);
    }
  }
}
