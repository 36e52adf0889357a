package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.tool.Question;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The questions of one call of a modern upstream (basic/patterns/mrtr, and those of its tasks).
 * Their keys are the upstream's, so that a later attempt of the job finds the answers that have
 * been given; a key that is used again in a later round is another question, so it gets a number.
 */
final class InputRequests {
  private static final int LONGEST_KEY = 100;
  // As many as a call may ask at once.
  private static final int MOST_QUESTIONS = 32;

  private final CallFeed feed;
  private final Map<String, Integer> asked = new HashMap<>();

  InputRequests(CallFeed feed) {
    this.feed = feed;
  }

  /**
   * Asks all questions of a round.
   *
   * @param prefix tells the keys of a task from those of a request
   * @return the {@code inputResponses}
   */
  ObjectNode answers(String prefix, ObjectNode requests) throws InterruptedException {
    if (requests.size() > MOST_QUESTIONS) {
      throw new UpstreamProtocolException(
          "The upstream asks "
              + requests.size()
              + " questions at once, of "
              + MOST_QUESTIONS
              + ".");
    }
    List<Question> questions = new ArrayList<>();
    requests
        .properties()
        .forEach(entry -> questions.add(question(prefix + entry.getKey(), entry.getValue())));
    List<JsonNode> answers = feed.ask(questions);
    ObjectNode responses = JsonNodeFactory.instance.objectNode();
    int index = 0;
    for (String key : requests.propertyNames()) {
      responses.set(key, answers.get(index++));
    }
    return responses;
  }

  private Question question(String key, JsonNode request) {
    String method = request.path("method").stringValue("");
    if (!Question.METHODS.contains(method)) {
      throw new UpstreamProtocolException(
          "The upstream asks with "
              + (method.isEmpty() ? "no method" : "the method " + shortened(method))
              + "; it may use "
              + Question.METHODS
              + ".");
    }
    int times = asked.merge(key, 1, Integer::sum);
    return new Question(
        shortened(times == 1 ? key : key + "~" + times),
        method,
        request.get("params") instanceof ObjectNode params
            ? params
            : JsonNodeFactory.instance.objectNode());
  }

  private static String shortened(String key) {
    if (key.length() <= LONGEST_KEY && !key.isBlank()) {
      return key;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "key-" + HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
