package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.process.ChildProcess;
import dev.longhaul.gateway.process.ChildStartException;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.HttpPeer;
import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.SsePeer;
import dev.longhaul.gateway.rpc.StdioPeer;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.WireLimits;
import org.jspecify.annotations.Nullable;

/** Connects to upstreams over stdio, streamable HTTP, and HTTP with SSE. */
public final class UpstreamPeers implements PeerOpener {
  private final Children children;
  private final HttpConnections http;
  private final WireLimits limits;
  private final Identity identity;

  /** The HTTP headers that say to an upstream who calls. */
  @FunctionalInterface
  public interface Identity {
    /**
     * The headers of a session.
     *
     * @param behalf for whom it is opened; null for nobody in particular
     */
    RequestHeaders of(UpstreamConfig config, Connection.Url url, @Nullable OnBehalf behalf);
  }

  public UpstreamPeers(
      Children children, HttpConnections http, WireLimits limits, Identity identity) {
    this.children = children;
    this.http = http;
    this.limits = limits;
    this.identity = identity;
  }

  @Override
  public Peer open(
      UpstreamConfig config, HttpKind transport, Receiver receiver, @Nullable OnBehalf behalf)
      throws InterruptedException {
    return switch (config.connection()) {
      case Connection.Command command -> new StdioPeer(start(config, command), limits, receiver);
      case Connection.Url url -> {
        RequestHeaders headers = identity.of(config, url, behalf);
        yield transport == HttpKind.SSE
            ? SsePeer.open(
                http, config.name(), url.url(), headers, limits, receiver, config.startTimeout())
            : new HttpPeer(http, config.name(), url.url(), headers, limits, receiver);
      }
    };
  }

  private ChildProcess start(UpstreamConfig config, Connection.Command command)
      throws InterruptedException {
    try {
      return children.start(config.name(), command);
    } catch (ChildStartException e) {
      throw new UpstreamLostException(String.valueOf(e.getMessage()), false, 0, e);
    }
  }
}
