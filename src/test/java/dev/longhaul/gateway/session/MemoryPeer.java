package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.Peer;
import dev.longhaul.gateway.rpc.Receiver;
import dev.longhaul.gateway.rpc.Request;
import dev.longhaul.gateway.rpc.RpcErrorException;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A connection to a server in this process, which runs in the thread of the request. */
final class MemoryPeer implements Peer {
  private final TestUpstream upstream;
  private final Receiver general;
  private final boolean streams;
  private final AtomicLong ids = new AtomicLong();
  private volatile boolean open = true;

  /**
   * @param streams whether each request has its own stream, as over HTTP
   */
  MemoryPeer(TestUpstream upstream, Receiver general, boolean streams) {
    this.upstream = upstream;
    this.general = general;
    this.streams = streams;
    if (!streams && upstream.era == UpstreamSession.Era.LEGACY) {
      listen();
    }
  }

  @Override
  public ObjectNode request(Request request, Receiver receiver) throws InterruptedException {
    try {
      return upstream.answer(
          request.method(), request.params().deepCopy(), client(streams ? receiver : general));
    } catch (TestUpstream.Refusal e) {
      throw new RpcErrorException(e.code, String.valueOf(e.getMessage()), e.data);
    }
  }

  @Override
  public void listen() {
    upstream.listeners.put("memory", client(general));
    upstream.listened.release();
  }

  private TestUpstream.Client client(Receiver receiver) {
    JsonNode id = JsonNodeFactory.instance.numberNode(ids.incrementAndGet());
    return new TestUpstream.Client() {
      @Override
      public void send(String method, ObjectNode params) {
        receiver.notification(method, params);
      }

      @Override
      public ObjectNode ask(String method, ObjectNode params) throws InterruptedException {
        try {
          return receiver.request(method, params);
        } catch (RpcErrorException e) {
          throw new TestUpstream.Refusal(200, e.code(), String.valueOf(e.getMessage()), null);
        }
      }

      @Override
      public JsonNode id() {
        return id;
      }
    };
  }

  @Override
  public void notify(String method, ObjectNode params) {}

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
