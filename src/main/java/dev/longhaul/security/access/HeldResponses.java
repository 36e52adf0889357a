package dev.longhaul.security.access;

import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.security.LastingRequest;
import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.apikey.ApiKeys;
import dev.longhaul.security.apikey.KeyUse;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The responses to API keys that are in progress. Streams and held calls may last for hours, so
 * every second their keys are verified again, and the responses of those that are no longer valid
 * are ended. While the store is away, only those of configured keys are, when they expire: nobody
 * can revoke a key then.
 */
final class HeldResponses implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeldResponses.class);
  private static final long PERIOD_MILLIS = 1_000;

  private final ApiKeys keys;
  private final RefusalWriter refusals;
  private final Set<Held> held = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer = Threads.timer("longhaul-held-keys", 1);

  HeldResponses(ApiKeys keys, RefusalWriter refusals) {
    this.keys = keys;
    this.refusals = refusals;
    var _ =
        timer.scheduleWithFixedDelay(
            Supervised.repeated("ending responses of revoked keys", this::endInvalid),
            PERIOD_MILLIS,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Serves a request with a response. */
  @FunctionalInterface
  interface Serving {
    void serve(HttpServletResponse response) throws IOException, ServletException;
  }

  /** One response and how it is ended. No record, because each is equal to itself only. */
  private static final class Held {
    private final KeyUse use;
    private final Runnable end;

    Held(KeyUse use, Runnable end) {
      this.use = use;
      this.end = end;
    }
  }

  /** Serves the request, whose response is ended when its key is no longer valid. */
  void serve(KeyUse use, HttpServletRequest request, HttpServletResponse response, Serving serving)
      throws IOException, ServletException {
    var revocable = new RevocableResponse(response);
    var entry = new Held(use, () -> revocable.revoke(refused -> refuse(request, refused)));
    held.add(entry);
    Runnable ended =
        () -> {
          held.remove(entry);
          revocable.ended();
        };
    try {
      serving.serve(revocable);
    } finally {
      LastingRequest lasting = LastingRequest.of(request);
      if (request.isAsyncStarted()) {
        atEnd(request, ended);
      } else {
        if (lasting != null) {
          // From now on the container's response is not this stream's.
          hold(new Held(use, lasting.close()), lasting);
        }
        ended.run();
      }
    }
  }

  private void hold(Held entry, LastingRequest lasting) {
    held.add(entry);
    lasting.atEnd().accept(() -> held.remove(entry));
  }

  /** Looks now, because a key may have changed. */
  void soon() {
    if (!held.isEmpty()) {
      timer.execute(Supervised.repeated("ending responses of revoked keys", this::endInvalid));
    }
  }

  /** Ends the responses of keys that are no longer valid. */
  private void endInvalid() {
    Map<KeyUse, Boolean> valid = new HashMap<>(); // many streams may have one key
    for (Held one : held) {
      if (!valid.computeIfAbsent(one.use, this::isValid)) {
        // In a thread of its own: a client that does not read delays no other one's end.
        var _ = Threads.virtual("longhaul-held-key-end", one.end);
      }
    }
  }

  private boolean isValid(KeyUse use) {
    try {
      return keys.isValid(use);
    } catch (DataAccessException e) {
      log.debug("The API key {} cannot be verified; the next round tries again", use.name(), e);
      return true;
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer");
    refusals.write(request, response, CredentialRefusedException.invalidKey().refusal());
  }

  private static void atEnd(HttpServletRequest request, Runnable ended) {
    try {
      request
          .getAsyncContext()
          .addListener(
              new AsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                  ended.run();
                }

                @Override
                public void onTimeout(AsyncEvent event) {}

                @Override
                public void onError(AsyncEvent event) {}

                @Override
                public void onStartAsync(AsyncEvent event) {
                  event.getAsyncContext().addListener(this);
                }
              });
    } catch (IllegalStateException e) {
      ended.run(); // it has ended already
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
