package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.session.KnownEras.Known;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Opens sessions in the era that an upstream speaks. The era is found by a request that only modern
 * upstreams know (2026-07-28, basic/versioning, "Backward Compatibility") and then kept, until the
 * upstream no longer answers in it.
 */
public final class ProbingSessions implements Sessions {
  private static final Logger log = LoggerFactory.getLogger(ProbingSessions.class);

  private static final Known MODERN = new Known(Era.MODERN, HttpKind.STREAMABLE);
  private static final Known LEGACY = new Known(Era.LEGACY, HttpKind.STREAMABLE);

  /** A start at once takes no more than this part of the time of the probe. */
  private static final int AT_ONCE = 10;

  /** How many times as long as its start took a process may take for its answer. */
  private static final int PATIENCE = 4;

  private final PeerOpener peers;
  private final KnownEras eras;
  private final ObjectNode client;
  private final List<String> versions;
  private final SessionLimits limits;
  private final LongSupplier nanoTime;
  private final Map<String, ToolHints> hints = new ConcurrentHashMap<>();

  /**
   * @param version the version of this server, which upstreams are told
   */
  public ProbingSessions(PeerOpener peers, KnownEras eras, String version, SessionLimits limits) {
    this(peers, eras, version, limits, List.of("2026-07-28"), System::nanoTime);
  }

  ProbingSessions(
      PeerOpener peers,
      KnownEras eras,
      String version,
      SessionLimits limits,
      List<String> versions,
      LongSupplier nanoTime) {
    this.peers = peers;
    this.eras = eras;
    this.client =
        JsonNodeFactory.instance.objectNode().put("name", "longhaul").put("version", version);
    this.limits = limits;
    this.versions = List.copyOf(versions);
    this.nanoTime = nanoTime;
  }

  @Override
  public UpstreamSession open(
      UpstreamConfig config,
      SessionListener listener,
      ObjectNode capabilities,
      @Nullable OnBehalf behalf)
      throws InterruptedException {
    String digest = config.digest();
    var setup =
        new Setup(
            peers,
            config,
            listener,
            capabilities,
            behalf,
            client,
            limits,
            hints.computeIfAbsent(digest, _ -> new ToolHints()),
            versions,
            () -> eras.forget(digest));
    Optional<Known> known = eras.find(digest);
    if (known.isPresent()) {
      try {
        return begin(setup, known.get(), config.startTimeout());
      } catch (OtherEraException e) {
        log.info(
            "Upstream {} speaks another era than before: {}", config.name(), Quoted.message(e));
        eras.forget(digest);
      }
    }
    return kept(digest, setup);
  }

  private UpstreamSession kept(String digest, Setup setup) throws InterruptedException {
    if (setup.config().connection() instanceof Connection.Url url
        && url.transport() == HttpKind.SSE) {
      try {
        return first(digest, setup, new Known(Era.LEGACY, HttpKind.SSE));
      } catch (OtherEraException e) {
        throw cause(e);
      }
    }
    try {
      return first(digest, setup, MODERN);
    } catch (OtherEraException notModern) {
      log.debug("Upstream {} is legacy: {}", setup.config().name(), Quoted.message(notModern));
      return notModern.silent() ? afterSilence(digest, setup) : legacy(digest, setup);
    }
  }

  private UpstreamSession legacy(String digest, Setup setup) throws InterruptedException {
    try {
      return first(digest, setup, LEGACY);
    } catch (OtherEraException e) {
      return overSse(digest, setup, e);
    }
  }

  /**
   * A process that did not answer the probe is taken for legacy. But if it refuses {@code
   * initialize} too, its silence has said nothing, and on a busy machine a slow start looks the
   * same: unless the legacy session was there at once, the process is asked again for several times
   * as long as that start took, once for its configuration.
   */
  private UpstreamSession afterSilence(String digest, Setup setup) throws InterruptedException {
    long begin = nanoTime.getAsLong();
    UpstreamSession legacy;
    try {
      legacy = first(digest, setup, LEGACY);
    } catch (OtherEraException notLegacy) {
      try {
        return again(digest, setup, setup.config().startTimeout());
      } catch (OtherEraException e) {
        throw cause(notLegacy);
      }
    }
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - begin);
    if (took.multipliedBy(AT_ONCE).compareTo(limits.probe()) <= 0) {
      return legacy;
    }
    legacy.close();
    try {
      return again(digest, setup, patience(took, setup.config().startTimeout()));
    } catch (OtherEraException e) {
      return legacy(digest, setup);
    }
  }

  private Duration patience(Duration took, Duration longest) {
    Duration wanted = took.multipliedBy(PATIENCE);
    Duration atLeast = wanted.compareTo(limits.probe()) > 0 ? wanted : limits.probe();
    return atLeast.compareTo(longest) < 0 ? atLeast : longest;
  }

  private UpstreamSession again(String digest, Setup setup, Duration limit)
      throws InterruptedException {
    UpstreamSession session = begin(setup, MODERN, limit);
    eras.put(digest, MODERN);
    return session;
  }

  private UpstreamSession overSse(String digest, Setup setup, OtherEraException notStreamable)
      throws InterruptedException {
    RuntimeException refusal = cause(notStreamable);
    if (!(setup.config().connection() instanceof Connection.Url url)
        || url.transport() != HttpKind.DETECTED
        || !Eras.noStreamableHttp(refusal)) {
      throw refusal;
    }
    try {
      return first(digest, setup, new Known(Era.LEGACY, HttpKind.SSE));
    } catch (RuntimeException e) {
      // Where there is no such transport either, the answer to the newer one tells more.
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private UpstreamSession first(String digest, Setup setup, Known tried)
      throws InterruptedException {
    boolean question = tried.era() == Era.MODERN && !setup.http();
    Duration limit = question ? probe(setup.config()) : setup.config().startTimeout();
    UpstreamSession session = begin(setup, tried, limit);
    eras.put(digest, tried);
    return session;
  }

  // To end npx while it installs would leave half of a server behind, and the next one waiting.
  private Duration probe(UpstreamConfig config) {
    Duration half = config.startTimeout().dividedBy(2);
    return Launchers.mayDownload(config.connection()) && half.compareTo(limits.probe()) > 0
        ? half
        : limits.probe();
  }

  private static UpstreamSession begin(Setup setup, Known known, Duration limit)
      throws InterruptedException {
    return switch (known.era()) {
      case MODERN -> ModernSession.open(setup, limit);
      case LEGACY -> LegacySession.open(setup, known.transport(), limit);
    };
  }

  private static RuntimeException cause(OtherEraException e) {
    return e.getCause() instanceof RuntimeException cause ? cause : e;
  }
}
