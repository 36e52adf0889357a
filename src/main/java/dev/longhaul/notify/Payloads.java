package dev.longhaul.notify;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the data of notifications: what the owner could read of the job, batch or chain at that
 * moment, without the arguments of a call. For an expired one only its id and state.
 */
final class Payloads {
  private final JobQueue jobs;
  private final FlowQueue flows;
  private final String restUrl;
  private final long maxResult;
  private final JsonMapper json;

  /**
   * @param restUrl the URL of the REST API, or only its path if the public URL is unknown
   * @param maxResult the largest result in characters that is included
   */
  Payloads(JobQueue jobs, FlowQueue flows, String restUrl, long maxResult, JsonMapper json) {
    this.jobs = jobs;
    this.flows = flows;
    this.restUrl = restUrl;
    this.maxResult = maxResult;
    this.json = json;
  }

  ObjectNode of(Due due) {
    ObjectNode data = json.createObjectNode();
    data.put("id", due.subject().value());
    data.put("state", due.state());
    if (due.kind().equals("job")) {
      jobs.find(due.subject()).ifPresent(job -> job(data, job));
      String self = restUrl + "/jobs/" + due.subject();
      data.put("status_url", self).put("result_url", self + "/result");
    } else {
      flows.find(due.subject()).ifPresent(flow -> flow(data, flow));
      boolean batch = due.kind().equals("batch");
      String self = restUrl + (batch ? "/batches/" : "/chains/") + due.subject();
      data.put("status_url", self);
      if (batch) {
        data.put("result_url", self + "/results");
      }
    }
    if (due.ended() != null) {
      time(data, "finished_at", due.ended());
    }
    return data;
  }

  private void job(ObjectNode data, Job job) {
    data.put("method", job.method());
    data.put("tool", job.tool());
    data.put("attempt", job.attempt());
    time(data, "created_at", job.times().createdAt());
    time(data, "started_at", job.times().startedAt());
    ObjectNode metadata = data.putObject("metadata");
    job.metadata().forEach(metadata::put);
    if (job.links().flow() != null) {
      data.put("flow_id", job.links().flow().flow().value());
    }
    data.set("error", error(job.error()));
    jobs.outcome(job.id()).ifPresent(outcome -> outcome(data, outcome));
  }

  private void outcome(ObjectNode data, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(String result, boolean isError) -> {
        data.put("is_error", isError);
        data.putNull("error"); // that of the previous attempt
        if (result.length() <= maxResult) {
          data.set("result", json.readTree(result));
        } else {
          data.put("result_omitted", true);
        }
      }
      case Outcome.Refused(int code, String message, String _) -> {
        ObjectNode error = data.putObject("error");
        error.put("code", JobError.PROTOCOL_ERROR).put("type", Integer.toString(code));
        error.put("message", message);
      }
      case Outcome.Failed(JobError error, var _) -> data.set("error", error(error));
      case Outcome.GivenUp(JobError error, var _) -> data.set("error", error(error));
      case Outcome.Cancelled _ -> data.putNull("error");
    }
  }

  private @Nullable ObjectNode error(@Nullable JobError error) {
    if (error == null) {
      return null;
    }
    ObjectNode node = json.createObjectNode();
    node.put("code", error.code()).put("type", error.type()).put("message", error.message());
    return node.put("remediation", error.remediation());
  }

  private static void flow(ObjectNode data, FlowView flow) {
    data.put("name", flow.name());
    data.put("total", Objects.requireNonNullElse(flow.counts().total(), 0));
    data.put("completed", flow.counts().completed());
    data.put("failed", flow.counts().failed());
    data.put("cancelled", flow.counts().cancelled());
    time(data, "created_at", flow.times().createdAt());
    time(data, "finished_at", flow.times().finishedAt());
  }

  private static void time(ObjectNode data, String name, @Nullable Instant time) {
    data.put(name, time == null ? null : time.toString());
  }
}
