package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.testsupport.queue.StoredJob.Asked;
import java.util.List;
import java.util.Map;

/** What jobs ask their clients, and what they are answered. */
final class StoredQuestions {
  private StoredQuestions() {}

  static boolean ask(
      Store store, JobId id, LeaseToken token, List<AskedQuestion> questions, boolean first) {
    StoredJob job = store.find(id);
    if (job == null || !job.running() || !job.heldBy(token)) {
      return false;
    }
    if (first) {
      // What an earlier attempt asked is shown again only if this one asks it as well.
      job.questions.replaceAll((_, asked) -> new Asked(asked.question(), false));
    }
    for (AskedQuestion question : questions) {
      String key = question.question().key();
      Asked known = job.questions.get(key);
      AskedQuestion stored = known == null ? question : known.question();
      job.questions.put(key, new Asked(stored, stored.answer() == null));
      job.asked += known == null ? 1 : 0;
    }
    job.state = anyOpen(job) ? JobState.INPUT_REQUIRED : JobState.RUNNING;
    job.updatedAt = store.now();
    store.changed(job);
    return true;
  }

  static int answer(Store store, JobId id, Map<String, String> answers) {
    StoredJob job = store.find(id);
    if (job == null || job.ended()) {
      return 0;
    }
    int taken = 0;
    for (var answer : answers.entrySet()) {
      Asked asked = job.questions.get(answer.getKey());
      if (asked != null && asked.question().answer() == null) {
        AskedQuestion question = asked.question();
        job.questions.put(
            answer.getKey(),
            new Asked(
                new AskedQuestion(question.question(), question.identity(), answer.getValue()),
                false));
        taken++;
      }
    }
    if (taken > 0) {
      if (job.state == JobState.INPUT_REQUIRED && !anyOpen(job)) {
        job.state = JobState.RUNNING;
      }
      job.updatedAt = store.now();
      store.changed(job);
      store.news.answered(id);
    }
    return taken;
  }

  static List<AskedQuestion> of(Store store, JobId id) {
    StoredJob job = store.find(id);
    return job == null ? List.of() : job.questions.values().stream().map(Asked::question).toList();
  }

  private static boolean anyOpen(StoredJob job) {
    return job.questions.values().stream().anyMatch(Asked::open);
  }
}
