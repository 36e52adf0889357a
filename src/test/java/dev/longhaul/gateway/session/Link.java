package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.WireLimits;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A session with a test upstream of one era over one transport. */
final class Link implements AutoCloseable {
  private final Era era;
  private final SessionScope scope;
  private final Kind kind;
  private final TestUpstream upstream;
  private @Nullable UpstreamSession session;
  private @Nullable HttpUpstream server;
  private @Nullable Children children;
  private @Nullable HttpConnections http;

  /** A transport. */
  enum Kind {
    /** In this process, with a stream for each request. */
    STREAMS,
    /** In this process, with one stream for all. */
    ONE_STREAM,
    HTTP,
    SSE,
    STDIO
  }

  private Link(Era era, SessionScope scope, Kind kind) {
    this.era = era;
    this.scope = scope;
    this.kind = kind;
    this.upstream = new TestUpstream(era);
  }

  static Stream<Link> all() {
    Stream<Link> inMemory =
        Stream.of(Era.values())
            .flatMap(era ->
                Stream.of(SessionScope.values())
                    .flatMap(scope ->
                        Stream.of(Kind.STREAMS, Kind.ONE_STREAM)
                            .map(kind -> new Link(era, scope, kind))));
    // Few with processes, which are slow to start.
    return Stream.concat(
        inMemory,
        Stream.of(
            new Link(Era.MODERN, SessionScope.SHARED, Kind.HTTP),
            new Link(Era.LEGACY, SessionScope.SHARED, Kind.HTTP),
            new Link(Era.LEGACY, SessionScope.CALLER, Kind.SSE),
            new Link(Era.MODERN, SessionScope.SHARED, Kind.STDIO),
            new Link(Era.LEGACY, SessionScope.CALLER, Kind.STDIO)));
  }

  Era era() {
    return era;
  }

  SessionScope scope() {
    return scope;
  }

  /** Whether each request has its own stream. */
  boolean streams() {
    return kind == Kind.STREAMS || kind == Kind.HTTP;
  }

  /** The session, opened at the first use. */
  UpstreamSession session(SessionListener listener) throws InterruptedException {
    UpstreamSession known = session;
    if (known == null) {
      known =
          new ProbingSessions(peers(), KnownEras.inMemory(), "1", SessionLimits.DEFAULT)
              .open(config(connection(), scope), listener);
      session = known;
    }
    return known;
  }

  private PeerOpener peers() {
    if (kind == Kind.STREAMS || kind == Kind.ONE_STREAM) {
      return (_, _, receiver, _) -> new MemoryPeer(upstream, receiver, streams());
    }
    children = new Children(null);
    http = new HttpConnections(ObservationRegistry.NOOP);
    return new UpstreamPeers(
        children, http, WireLimits.DEFAULT, (_, url, _) -> RequestHeaders.of(url.headers()));
  }

  private Connection connection() {
    return switch (kind) {
      case STREAMS -> new Connection.Url(URI.create("http://memory"), HttpKind.DETECTED, Map.of());
      case ONE_STREAM -> new Connection.Command(List.of("memory"), Map.of(), null);
      case HTTP, SSE -> {
        var started = new HttpUpstream(upstream);
        server = started;
        yield new Connection.Url(
            kind == Kind.HTTP ? started.url() : started.sse(), HttpKind.DETECTED, Map.of());
      }
      case STDIO -> new Connection.Command(StdioUpstream.command(era), Map.of(), null);
    };
  }

  static UpstreamConfig config(Connection connection, SessionScope scope) {
    return new UpstreamConfig(
        "test",
        connection,
        ToolRules.ALL,
        false,
        scope,
        QuestionRule.CLIENT,
        1,
        false,
        Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    if (server != null) {
      server.close();
    }
    if (children != null) {
      children.close();
    }
    if (http != null) {
      http.close();
    }
  }

  @Override
  public String toString() {
    return era + " " + kind + " " + scope;
  }
}
