package dev.longhaul.gateway.rpc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what an upstream sends; answers "give" with 1.0, and "wait" never. */
final class Received implements Receiver {
  final List<String> notifications = new CopyOnWriteArrayList<>();
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final CompletableFuture<RuntimeException> end = new CompletableFuture<>();

  @Override
  public void notification(String method, ObjectNode params) {
    notifications.add(method + params);
    events.add(method);
  }

  @Override
  public ObjectNode request(String method, ObjectNode params) throws InterruptedException {
    events.add(method);
    return switch (method) {
      case "give" -> (ObjectNode) Wire.read("{\"n\":1.0}".getBytes(StandardCharsets.UTF_8));
      case "wait" -> {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
          events.add("interrupted");
          throw e;
        }
        yield params;
      }
      case "fail" -> throw new RpcErrorException(-32042, "No", null);
      case "break" -> throw new IllegalStateException("secret");
      default -> Receiver.super.request(method, params);
    };
  }

  @Override
  public void closed(RuntimeException why) {
    end.complete(why);
  }
}
