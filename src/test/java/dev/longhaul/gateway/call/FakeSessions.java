package dev.longhaul.gateway.call;

import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.SessionListener;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.gateway.session.UpstreamSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sessions of a test, which run its code. */
final class FakeSessions implements Sessions {
  /** All sessions that were opened, in order. */
  final List<Fake> opened = new CopyOnWriteArrayList<>();

  /** What a call does. */
  volatile Code code = (_, _, _) -> JsonNodeFactory.instance.objectNode();

  /** Why sessions cannot be opened; null if they can. */
  volatile @Nullable RuntimeException refusal;

  interface Code {
    ObjectNode call(Fake session, ObjectNode params, CallFeed feed) throws InterruptedException;
  }

  @Override
  public UpstreamSession open(
      UpstreamConfig config,
      SessionListener listener,
      ObjectNode capabilities,
      @Nullable OnBehalf behalf) {
    RuntimeException why = refusal;
    if (why != null) {
      throw why;
    }
    Fake session = new Fake(config, capabilities);
    opened.add(session);
    return session;
  }

  final class Fake implements UpstreamSession {
    final UpstreamConfig config;
    final ObjectNode capabilities;
    volatile boolean alive = true;
    volatile boolean closed;
    volatile boolean followsLists;
    volatile Set<String> followed = Set.of();

    private Fake(UpstreamConfig config, ObjectNode capabilities) {
      this.config = config;
      this.capabilities = capabilities;
    }

    @Override
    public Facts facts() {
      ObjectNode none = JsonNodeFactory.instance.objectNode();
      return new Facts(Era.MODERN, "2026-07-28", none, none, null);
    }

    @Override
    public ObjectNode call(String method, ObjectNode params, CallFeed feed)
        throws InterruptedException {
      return code.call(this, params, feed);
    }

    @Override
    public List<ObjectNode> list(String method) {
      return List.of();
    }

    @Override
    public void follow(boolean lists, Set<String> resources) {
      RuntimeException why = refusal;
      if (why != null) {
        throw why;
      }
      followsLists = lists;
      followed = resources;
    }

    @Override
    public boolean isAlive() {
      return alive && !closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
