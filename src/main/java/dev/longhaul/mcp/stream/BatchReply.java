package dev.longhaul.mcp.stream;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Collects the response to one request of a JSON-RPC batch. */
public final class BatchReply implements Reply {
  private volatile @Nullable ObjectNode message;

  /** The response, or empty if the request ended without one. */
  public Optional<ObjectNode> message() {
    return Optional.ofNullable(message);
  }

  @Override
  public boolean canStream() {
    return false;
  }

  @Override
  public void openAfter(Duration quiet) {}

  @Override
  public void send(ObjectNode notification) {}

  @Override
  public void finish(int httpStatus, ObjectNode answer) {
    message = answer;
  }

  @Override
  public void finishSilently() {}

  @Override
  public boolean gone() {
    return false;
  }

  @Override
  public void onGone(Runnable action) {}
}
