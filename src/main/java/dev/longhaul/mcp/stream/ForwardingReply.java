package dev.longhaul.mcp.stream;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A reply that passes everything on to another one; subclasses change what passes. */
public abstract class ForwardingReply implements Reply {
  private final Reply reply;

  protected ForwardingReply(Reply reply) {
    this.reply = reply;
  }

  @Override
  public void send(ObjectNode notification) {
    reply.send(notification);
  }

  @Override
  public boolean canStream() {
    return reply.canStream();
  }

  @Override
  public void openAfter(Duration quiet) {
    reply.openAfter(quiet);
  }

  @Override
  public void keepIn(Journal journal) {
    reply.keepIn(journal);
  }

  @Override
  public void answers(AwaitedJob awaited) {
    reply.answers(awaited);
  }

  @Override
  public void release() {
    reply.release();
  }

  @Override
  public boolean detach() {
    return reply.detach();
  }

  @Override
  public boolean whenDetachedEnds(Runnable action) {
    return reply.whenDetachedEnds(action);
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    reply.finish(httpStatus, message);
  }

  @Override
  public void finishSilently() {
    reply.finishSilently();
  }

  @Override
  public void probe() {
    reply.probe();
  }

  @Override
  public boolean gone() {
    return reply.gone();
  }

  @Override
  public void onGone(Runnable action) {
    reply.onGone(action);
  }

  @Override
  public void onLost(Runnable action) {
    reply.onLost(action);
  }

  @Override
  public void onTakenOver(Runnable action) {
    reply.onTakenOver(action);
  }

  @Override
  public boolean takenOver() {
    return reply.takenOver();
  }

  @Override
  public boolean reached() {
    return reply.reached();
  }

  @Override
  public Optional<Duration> present() {
    return reply.present();
  }
}
