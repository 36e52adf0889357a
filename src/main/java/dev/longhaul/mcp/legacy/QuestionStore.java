package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions to clients, kept so that their answers may come to any process. */
public interface QuestionStore {
  /** Keeps a question under the id of its request. */
  void open(String session, String id, String question);

  /** An open question; empty if it is unknown or closed. */
  Optional<String> find(String session, String id);

  /** It has its answer, or nobody waits for one. */
  void close(String session, String id);

  /** Keeps what the client answered for {@link #takeAnswer}. */
  void answer(String session, String id, String answer);

  /** What the client answered, once; null if it has not. */
  @Nullable String takeAnswer(String session, String id);

  /** Notes under which id a job's question was asked last. */
  void asked(String session, JobId job, String key, String id);

  /** Under which id a job's question was asked last; null if it was not. */
  @Nullable String lastAsked(String session, JobId job, String key);
}
