package dev.longhaul.events;

import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Determines whether there are listeners for events of jobs, because publishing an event costs
 * about as much as a quick job.
 */
final class Listeners {
  private static final List<ResolvableType> EVENTS =
      List.of(type(JobProcessed.class), type(JobFailed.class), type(JobCancelled.class));
  // An event type that only listeners for all events receive, such as Spring's own.
  private static final ResolvableType ANYTHING = type(Listeners.class);

  // The event type of a listener created by ApplicationListener.forPayload is unknown.
  private static final String FOR_PAYLOAD = ApplicationListener.class.getName();

  private final ApplicationContext context;
  private volatile Seen seen = new Seen(-1, false);

  Listeners(ApplicationContext context) {
    this.context = context;
  }

  private record Seen(int count, boolean any) {}

  boolean any() {
    if (!(context instanceof AbstractApplicationContext known) || context.getParent() != null) {
      return true; // an unknown kind of multicaster
    }
    Collection<ApplicationListener<?>> all = known.getApplicationListeners();
    Seen last = seen;
    if (last.count() != all.size()) {
      last = look(all);
      seen = last;
    }
    return last.any();
  }

  private Seen look(Collection<ApplicationListener<?>> all) {
    List<ApplicationListener<?>> now;
    try {
      now = new ArrayList<>(all);
    } catch (ConcurrentModificationException e) {
      return new Seen(-1, true); // the application is starting
    }
    return new Seen(now.size(), now.stream().anyMatch(Listeners::hears) || anyMadeEachTime());
  }

  private static boolean hears(ApplicationListener<?> listener) {
    GenericApplicationListener generic =
        listener instanceof GenericApplicationListener itself
            ? itself
            : new GenericApplicationListenerAdapter(listener);
    String name = listener.getClass().getName();
    boolean springs =
        name.startsWith("org.springframework.")
            && !name.startsWith(FOR_PAYLOAD)
            && generic.supportsEventType(ANYTHING);
    return !springs && EVENTS.stream().anyMatch(generic::supportsEventType);
  }

  // Prototype-scoped listeners are created per event and are in no list.
  private boolean anyMadeEachTime() {
    for (String name : context.getBeanNamesForType(ApplicationListener.class, true, false)) {
      if (!context.isSingleton(name)) {
        return true;
      }
    }
    return false;
  }

  private static ResolvableType type(Class<?> payload) {
    return ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, payload);
  }
}
