package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.AwaitedJob;
import dev.longhaul.mcp.stream.Journal;
import dev.longhaul.mcp.stream.Reply;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A reply to tasks/result that marks every message sent before the result with its task. */
final class RelatedReply implements Reply {
  private final Reply reply;
  private final JobId task;

  RelatedReply(Reply reply, JobId task) {
    this.reply = reply;
    this.task = task;
  }

  @Override
  public void send(ObjectNode message) {
    if (message.get("params") instanceof ObjectNode params) {
      RelatedTask.mark(params, task);
    } else {
      RelatedTask.mark(message.putObject("params"), task);
    }
    reply.send(message);
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
