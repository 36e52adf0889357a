package dev.longhaul.testing;

import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.gateway.catalog.Upstream;
import dev.longhaul.gateway.catalog.UpstreamHandlers;
import dev.longhaul.gateway.catalog.UpstreamLinks;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.gateway.session.UpstreamSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Upstreams in memory: what each lists, and what this process has of it. */
public final class FakeUpstreams implements UpstreamLinks, UpstreamHandlers {
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  public final List<String> configured = new CopyOnWriteArrayList<>();
  public final List<String> reconnected = new CopyOnWriteArrayList<>();
  public final AtomicInteger atOnce = new AtomicInteger();
  public final AtomicInteger mostAtOnce = new AtomicInteger();
  public final Map<String, Set<String>> subscribed = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** One upstream. */
  public static final class Server {
    final List<ObjectNode> tools = new CopyOnWriteArrayList<>();
    final List<ObjectNode> resources = new CopyOnWriteArrayList<>();
    final List<ObjectNode> templates = new CopyOnWriteArrayList<>();
    final List<ObjectNode> prompts = new CopyOnWriteArrayList<>();
    public final AtomicInteger looks = new AtomicInteger();
    public volatile boolean elsewhere;
    public volatile boolean tasks;
    public volatile boolean announces;
    public volatile Runnable looked = () -> {};
    public volatile @Nullable String failure;
    public volatile CountDownLatch gate = new CountDownLatch(0);

    public Server tool(String name, String description) {
      tools.removeIf(tool -> tool.path("name").asString().equals(name));
      return tool(
          Tools.object("{\"inputSchema\": {\"type\": \"object\"}}")
              .put("name", name)
              .put("description", description));
    }

    public Server tool(ObjectNode tool) {
      tools.add(tool);
      return this;
    }

    public Server resource(String uri) {
      resources.add(Tools.object("{}").put("uri", uri).put("name", "a resource"));
      return this;
    }

    public Server template(String uri) {
      templates.add(Tools.object("{}").put("uriTemplate", uri).put("name", "a template"));
      return this;
    }

    public Server prompt(String name) {
      prompts.add(Tools.object("{}").put("name", name));
      return this;
    }
  }

  /** The upstream of that name, which has nothing at first. */
  public Server server(String name) {
    return servers.computeIfAbsent(name, _ -> new Server());
  }

  /** The upstream tells that its tools have changed. */
  public void changed(String upstream) {
    listeners.forEach(each -> each.changed(upstream, "tools/list"));
  }

  /** The upstream tells that a resource was updated. */
  public void updated(String upstream, String uri) {
    listeners.forEach(each -> each.resourceUpdated(upstream, uri));
  }

  @Override
  public <T> Optional<T> use(UpstreamConfig upstream, Look<T> look) throws InterruptedException {
    Server server = server(upstream.name());
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      if (!server.gate.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test forgot the upstream");
      }
      server.looks.incrementAndGet();
      server.looked.run();
      if (server.failure != null) {
        throw new IllegalStateException(server.failure);
      }
      return server.elsewhere ? Optional.empty() : Optional.of(look.at(new Session(server)));
    } finally {
      atOnce.decrementAndGet();
    }
  }

  @Override
  public Live live(String upstream) {
    return Live.NONE;
  }

  @Override
  public void reconnect(UpstreamConfig upstream) {
    reconnected.add(upstream.name());
  }

  @Override
  public void configured(List<UpstreamConfig> upstreams) {
    configured.clear();
    upstreams.forEach(each -> configured.add(each.name()));
  }

  @Override
  public void subscribe(String upstream, Set<String> uris, boolean missed, Runnable inEffect) {
    subscribed.put(upstream, Set.copyOf(uris));
    inEffect.run();
  }

  @Override
  public void listen(Listener told) {
    listeners.add(told);
  }

  @Override
  public ToolHandler tool(Upstream upstream, String tool, ObjectNode description, Repeat repeat) {
    return _ -> Tools.text(upstream.name() + " ran " + tool + " " + repeat);
  }

  @Override
  public PrimitiveHandler resource(Upstream upstream) {
    return call -> {
      ObjectNode result = Tools.object("{}");
      result
          .putArray("contents")
          .addObject()
          .put("uri", call.params().path("uri").asString())
          .put("text", "of " + upstream.name());
      return result;
    };
  }

  @Override
  public PrimitiveHandler prompt(Upstream upstream, String prompt) {
    return _ ->
        Tools.object("{\"messages\": []}").put("description", upstream.name() + " " + prompt);
  }

  @Override
  public PrimitiveHandler completion(Upstream upstream, ObjectNode ref) {
    return _ -> {
      ObjectNode result = Tools.object("{}");
      result.putObject("completion").putArray("values").add(upstream.name() + " " + ref);
      return result;
    };
  }

  private record Session(Server server) implements UpstreamSession {
    @Override
    public Facts facts() {
      return new Facts(
          Era.MODERN,
          "2026-07-28",
          Tools.object(
              "{\"tools\": {}, \"resources\": {\"subscribe\": "
                  + server.announces
                  + "}, \"completions\": {}, \"extensions\": "
                  + (server.tasks ? "{\"io.modelcontextprotocol/tasks\": {}}}" : "{}}")),
          Tools.object("{\"name\": \"fake\", \"version\": \"1\"}"),
          null);
    }

    @Override
    public ObjectNode call(String method, ObjectNode params, CallFeed feed) {
      throw new UnsupportedOperationException(method);
    }

    @Override
    public List<ObjectNode> list(String method) {
      return new ArrayList<>(
          switch (method) {
            case "tools/list" -> server.tools;
            case "resources/list" -> server.resources;
            case "resources/templates/list" -> server.templates;
            default -> server.prompts;
          });
    }

    @Override
    public void follow(boolean lists, Set<String> resources) {}

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void close() {}
  }
}
