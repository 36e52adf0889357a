package dev.longhaul.gateway.session;

import dev.longhaul.tool.Question;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A call whose client answers every question with a name. */
class RecordingFeed implements CallFeed {
  final BlockingQueue<ObjectNode> progress = new LinkedBlockingQueue<>();
  final BlockingQueue<ObjectNode> logs = new LinkedBlockingQueue<>();
  final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
  final BlockingQueue<String> tasks = new LinkedBlockingQueue<>();
  final BlockingQueue<String> statuses = new LinkedBlockingQueue<>();
  private final @Nullable String earlier;

  RecordingFeed() {
    this(null);
  }

  /**
   * @param earlier the task of an earlier attempt
   */
  RecordingFeed(@Nullable String earlier) {
    this.earlier = earlier;
  }

  @Override
  public ObjectNode capabilities() {
    return Capabilities.all();
  }

  @Override
  public @Nullable String logLevel() {
    return "info";
  }

  @Override
  public Map<String, String> trace() {
    return Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @Override
  public void progress(ObjectNode params) {
    progress.add(params);
  }

  @Override
  public void log(ObjectNode params) {
    logs.add(params);
  }

  @Override
  public List<JsonNode> ask(List<Question> asked) throws InterruptedException {
    questions.addAll(asked);
    return asked.stream().map(_ -> answer()).toList();
  }

  private static JsonNode answer() {
    ObjectNode answer = TestUpstream.object().put("action", "accept");
    answer.putObject("content").put("name", "Ada");
    return answer;
  }

  @Override
  public @Nullable String task() {
    return earlier;
  }

  @Override
  public void task(String id) {
    tasks.add(id);
  }

  @Override
  public void status(String message) {
    statuses.add(message);
  }
}
