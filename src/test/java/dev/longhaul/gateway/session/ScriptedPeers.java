package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Connections whose answers a test gives, with a record of what was sent. */
final class ScriptedPeers implements PeerOpener {
  final List<Scripted> opened = new ArrayList<>();
  private final Script script;

  /** Answers a request. */
  @FunctionalInterface
  interface Script {
    ObjectNode answer(Scripted peer, Request request, Receiver receiver)
        throws InterruptedException;
  }

  ScriptedPeers(Script script) {
    this.script = script;
  }

  @Override
  public Peer open(
      UpstreamConfig config, HttpKind transport, Receiver receiver, @Nullable OnBehalf behalf) {
    var peer = new Scripted(transport, receiver);
    opened.add(peer);
    return peer;
  }

  /** The methods of all requests and notifications, one list for each connection. */
  List<List<String>> methods() {
    return opened.stream().map(peer -> List.copyOf(peer.sent)).toList();
  }

  final class Scripted implements Peer {
    final HttpKind transport;
    final Receiver receiver;
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    volatile Map<String, String> headers = Map.of();
    volatile boolean open = true;

    Scripted(HttpKind transport, Receiver receiver) {
      this.transport = transport;
      this.receiver = receiver;
    }

    @Override
    public ObjectNode request(Request request, Receiver related) throws InterruptedException {
      sent.add(request.method());
      requests.add(request);
      return script.answer(this, request, related);
    }

    @Override
    public void notify(String method, ObjectNode params) {
      sent.add(method);
    }

    @Override
    public void headers(Map<String, String> set) {
      headers = set;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
