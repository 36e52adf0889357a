package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Completion;
import java.util.ArrayList;
import java.util.List;

/**
 * A completion with the fields of its result hash, which are written only once.
 *
 * @param stored field, value, …; empty unless the attempt ended with an outcome
 * @param size the total size of the fields in characters
 */
record Ended(Completion completion, List<String> stored, long size) {
  static List<Ended> of(List<Completion> completions) {
    List<Ended> all = new ArrayList<>(completions.size());
    for (Completion completion : completions) {
      List<String> stored =
          completion instanceof Completion.Finished finished
              ? OutcomeFields.write(finished.outcome())
              : List.of();
      long size = 0;
      for (String one : stored) {
        size += one.length();
      }
      all.add(new Ended(completion, stored, size));
    }
    return all;
  }

  JobId id() {
    return completion.id();
  }
}
