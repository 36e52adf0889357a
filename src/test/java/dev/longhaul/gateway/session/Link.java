package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A way to a test upstream, in one era. */
final class Link implements PeerOpener, AutoCloseable {
  private final Era era;
  private final SessionScope scope;
  private final boolean streams;
  private @Nullable TestUpstream memory;

  private Link(Era era, SessionScope scope, boolean streams) {
    this.era = era;
    this.scope = scope;
    this.streams = streams;
  }

  static Stream<Link> all() {
    return Stream.of(Era.values())
        .flatMap(era ->
            Stream.of(SessionScope.values())
                .flatMap(
                    scope -> Stream.of(true, false).map(streams -> new Link(era, scope, streams))));
  }

  Era era() {
    return era;
  }

  SessionScope scope() {
    return scope;
  }

  /** Whether each request has its own stream. */
  boolean streams() {
    return streams;
  }

  UpstreamConfig config() {
    return config(
        streams
            ? new Connection.Url(URI.create("http://memory"), HttpKind.DETECTED, Map.of())
            : new Connection.Command(List.of("memory"), Map.of(), null),
        scope);
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
  public Peer open(UpstreamConfig config, HttpKind transport, Receiver receiver) {
    if (memory == null) {
      memory = new TestUpstream(era);
    }
    return new MemoryPeer(memory, receiver, streams);
  }

  @Override
  public void close() {
    memory = null;
  }

  @Override
  public String toString() {
    return era + " " + (streams ? "HTTP" : "stdio") + " " + scope;
  }
}
