package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores questions to clients, so that any process can receive the answers. */
public interface QuestionStore {
  /** Stores a question under the id of its request. */
  void open(String session, String id, String question);

  /** An open question; empty if it is unknown or closed. */
  Optional<String> find(String session, String id);

  /** Removes a question that was answered or whose answer is no longer awaited. */
  void close(String session, String id);

  /** Stores the client's answer for {@link #takeAnswer}. */
  void answer(String session, String id, String answer);

  /** Returns and removes the client's answer; null if there is none. */
  @Nullable String takeAnswer(String session, String id);

  /** Stores the id under which a job's question was last sent. */
  void asked(String session, JobId job, String key, String id);

  /** The id under which a job's question was last sent; null if it was not. */
  @Nullable String lastAsked(String session, JobId job, String key);
}
