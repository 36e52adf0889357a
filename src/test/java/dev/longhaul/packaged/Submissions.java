package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * Everything that was submitted to an installation, through whichever process, and whether it came
 * to its end: nothing is lost, and nothing runs more often than it may.
 */
final class Submissions {
  private final Installation installation;
  private final Calls calls;
  private final Map<String, String> jobs = new LinkedHashMap<>();
  private final List<String> batches = new ArrayList<>();
  private final Map<String, String> chains = new LinkedHashMap<>();
  private final List<String> inOrder = new ArrayList<>();
  private final List<String> mayRunTwice = new ArrayList<>();

  Submissions(Installation installation, Calls calls) {
    this.installation = installation;
    this.calls = calls;
  }

  /** Submits some jobs of each kind, and the next ones in order. */
  void some(RunningServer api, String name) throws Exception {
    for (int i = 0; i < 3; i++) {
      submit(api, "read", name + "-" + i);
      submit(api, "write", name + "-" + i);
      submit(api, "ordered", name + "-" + i);
      inOrder.add("ordered " + name + "-" + i);
    }
  }

  /** Submits a job and returns its id. */
  String submit(RunningServer api, String tool, String name) throws Exception {
    return submit(api, tool, name, "");
  }

  /**
   * The same with options.
   *
   * @param options members of the request's JSON, such as {@code "held":true}
   */
  String submit(RunningServer api, String tool, String name, String options) throws Exception {
    return submit(api, tool, "\"name\":\"" + name + "\"", name, options);
  }

  /** Submits a job that runs until there is a mark, and waits until it runs. */
  String running(RunningServer api, String tool, String name, String until) throws Exception {
    String arguments = "\"name\":\"%s\",\"until\":\"%s\"".formatted(name, until);
    String id = submit(api, tool, arguments, name, "");
    installation.tools().awaitRuns(tool + " " + name);
    return id;
  }

  /** The same, for a job that has to run a second time because its process does not finish it. */
  String interrupted(RunningServer api, String name, String until) throws Exception {
    mayRunTwice.add("read " + name);
    return running(api, "read", name, until);
  }

  private String submit(
      RunningServer api, String tool, String arguments, String name, String options)
      throws Exception {
    String body =
        "{\"tool\":\"%s\",\"arguments\":{%s}%s}"
            .formatted(tool, arguments, options.isEmpty() ? "" : "," + options);
    String id = calls.post(api, "/api/v1/jobs", body, "r-" + name).path("id").asString();
    jobs.put(id, tool + " " + name);
    return id;
  }

  /** Submits a job that fails until there is a mark of this name, and waits until it is dead. */
  String dead(RunningServer api, String name) throws Exception {
    String body = "{\"tool\":\"fail\",\"arguments\":{\"name\":\"%s\"}}".formatted(name);
    String id = calls.post(api, "/api/v1/jobs", body, "r-" + name).path("id").asString();
    assertThat(state(api, id)).isEqualTo("dead");
    mayRunTwice.add("fail " + name);
    return id;
  }

  /** Runs a dead job again, which completes now. */
  void replay(RunningServer api, String dead, String name) throws Exception {
    installation.tools().mark(name);
    JsonNode replay = calls.post(api, "/api/v1/dead-letters/" + dead + "/replay", "", "r");
    assertThat(state(api, replay.path("id").asString())).isEqualTo("completed");
  }

  void batch(RunningServer api, String name) throws Exception {
    String members =
        IntStream.range(0, 6)
            .mapToObj(i -> "{\"tool\":\"write\",\"arguments\":{\"name\":\"" + name + i + "\"}}")
            .collect(Collectors.joining(","));
    String body =
        "{\"jobs\":[%s],\"finally\":[{\"tool\":\"write\",\"arguments\":{\"name\":\"%s-finally\"}}]}"
            .formatted(members, name);
    batches.add(calls.post(api, "/api/v1/batches", body, "r-" + name).path("id").asString());
  }

  // The last step's argument is a template, which is filled in by a header.
  void chain(RunningServer api, String name) throws Exception {
    String body =
        """
        {"steps":[{"tool":"write","arguments":{"name":"%1$s-1"}},{"tool":"write","arguments":{"name":"%1$s-2"}},
          {"tool":"write","arguments":{"name":"{{RESULT_FROM_PREVIOUS}}"}}]}
        """
            .formatted(name);
    String id = calls.post(api, "/api/v1/chains", body, "r-" + name).path("id").asString();
    chains.put(id, name);
  }

  /** Starts a job that was submitted with {@code "held":true}. */
  void release(RunningServer api, String id) throws Exception {
    calls.post(api, "/api/v1/jobs/" + id + "/start", "", "r");
  }

  /** Waits for the end of a job and returns the state. */
  String state(RunningServer api, String id) throws Exception {
    return calls.get(api, "/api/v1/jobs/" + id + "?wait_seconds=60").path("state").asString();
  }

  /** Waits until a job has completed, and checks that its result is its own. */
  void completed(RunningServer api, String id) throws Exception {
    String job = jobs.get(id);
    assertThat(state(api, id)).as(job).isEqualTo("completed");
    String name = job.substring(job.indexOf(' ') + 1);
    assertThat(calls.get(api, "/api/v1/jobs/" + id + "/result").toString())
        .contains("done " + name + " for r-" + name);
  }

  /**
   * Waits until all that was ever submitted has completed, each with its result, except for one.
   */
  void allCompletedExcept(RunningServer api, String except) throws Exception {
    for (String id : jobs.keySet()) {
      if (!id.equals(except)) {
        completed(api, id);
      }
    }
    for (String id : batches) {
      assertThat(flow(api, "batches", id)).isEqualTo("completed");
    }
    for (String id : chains.keySet()) {
      assertThat(flow(api, "chains", id)).isEqualTo("completed");
    }
  }

  private String flow(RunningServer api, String kind, String id) throws Exception {
    return calls
        .get(api, "/api/v1/" + kind + "/" + id + "?wait_seconds=60")
        .path("state")
        .asString();
  }

  /** The same for all, and checks that everything ran as often as it may, and in its order. */
  void allCompleted(RunningServer api) throws Exception {
    allCompletedExcept(api, "");
    List<String> runs = installation.tools().runs();
    for (String run : List.copyOf(runs)) {
      assertThat(runs.stream().filter(run::equals))
          .as(run)
          .hasSizeLessThanOrEqualTo(mayRunTwice.contains(run) ? 2 : 1);
    }
    assertThat(runs).containsAll(jobs.values());
    assertThat(runs.stream().filter(run -> run.startsWith("ordered"))).isEqualTo(inOrder);
    for (String name : chains.values()) {
      assertThat(runs).anyMatch(run -> run.startsWith("write done " + name + "-2 for"));
    }
  }

  /** Waits for the webhook at a path, which must not come as two. */
  void toldOnce(String path) {
    var hooks = installation.hooks();
    Awaitility.await().until(() -> !hooks.on(path).isEmpty());
    assertThat(hooks.on(path)).extracting("id").containsOnly(hooks.on(path).getFirst().id());
  }
}
