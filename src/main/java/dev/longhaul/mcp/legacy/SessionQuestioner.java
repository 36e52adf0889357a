package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.delivery.Questioner;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.thread.Supervised;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.ToolRefusedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the client of one call on the stream of that call. */
final class SessionQuestioner implements Questioner {
  private static final Logger log = LoggerFactory.getLogger(SessionQuestioner.class);

  private static final Supervised ASKED = new Supervised("sending questions to clients");

  private final ClientQuestions questions;
  private final String session;
  private final Reply reply;
  private final @Nullable JobId task;
  private final boolean resumed;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param task the task whose result the client waits for, or null for a plain call
   */
  SessionQuestioner(ClientQuestions questions, String session, Reply reply, @Nullable JobId task) {
    this(questions, session, reply, task, false);
  }

  private SessionQuestioner(
      ClientQuestions questions,
      String session,
      Reply reply,
      @Nullable JobId task,
      boolean resumed) {
    this.questions = questions;
    this.session = session;
    this.reply = reply;
    this.task = task;
    this.resumed = resumed;
  }

  /** One for a resumed stream: questions that are already on it are not sent again. */
  static SessionQuestioner resumed(
      ClientQuestions questions, String session, Reply reply, @Nullable JobId task) {
    return new SessionQuestioner(questions, session, reply, task, true);
  }

  @Override
  public boolean ask(JobId id, List<OpenQuestion> open) {
    boolean all = true;
    for (OpenQuestion question : open) {
      if (!asked.add(question.key())) {
        continue;
      }
      ObjectNode params = Json.object(question.params());
      if (task != null) {
        RelatedTask.mark(params, task);
      }
      try {
        if (!ask(id, question, params)) {
          log.info(
              "Job {} waits for an answer, but its client has no stream on which it can be asked;"
                  + " it can open one and call continue_operation",
              id);
        }
        ASKED.worked();
      } catch (RuntimeException | Error e) {
        asked.remove(question.key());
        ASKED.failed(e);
        all = false;
      }
    }
    return all;
  }

  private boolean ask(JobId id, OpenQuestion question, ObjectNode params) {
    return resumed
        ? questions.askUnlessAsked(session, reply, id, question.key(), question.method(), params)
        : questions.ask(session, reply, id, question.key(), question.method(), params);
  }

  @Override
  public List<JsonNode> ask(List<Question> wanted) {
    List<String> ids = new ArrayList<>();
    for (Question question : wanted) {
      ids.add(
          questions
              .ask(session, reply, question.method(), question.params().deepCopy())
              .orElseThrow(() ->
                  new ToolRefusedException(
                      ErrorCode.INVALID_REQUEST,
                      "The tool has a question, but there is no stream to ask it on; accept"
                          + " text/event-stream, or open one with GET.")));
    }
    List<JsonNode> answers = new ArrayList<>();
    try {
      for (int i = 0; i < ids.size(); i++) {
        String method = wanted.get(i).method();
        answers.add(
            questions.await(session, ids.get(i)).orElseGet(() -> ClientAnswers.unanswered(method)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobStoppedException("Stopped while waiting for an answer of the client");
    }
    return answers;
  }
}
