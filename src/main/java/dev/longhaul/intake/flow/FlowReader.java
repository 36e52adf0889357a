package dev.longhaul.intake.flow;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.flow.FlowBody.Entry;
import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.intake.flow.FlowDefinition.Webhook;
import dev.longhaul.intake.request.RequestSchema;
import dev.longhaul.intake.request.RequestedCall;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.schema.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Reads the definition of a batch or chain and checks its structure. */
final class FlowReader {
  private static final RequestSchema BATCH = RequestSchema.of("batch.json");
  private static final RequestSchema CHAIN = RequestSchema.of("chain.json");

  private FlowReader() {}

  /**
   * Reads a definition.
   *
   * @throws IntakeException {@link Refusal.InvalidFlow} if its structure is wrong
   */
  static FlowDefinition read(FlowKind kind, ObjectNode body, FlowLimits limits) {
    boolean batch = kind == FlowKind.BATCH;
    String field = batch ? "jobs" : "steps";
    int most = batch ? limits.maxJobs() : limits.maxSteps();
    if (body.path(field).size() > most) {
      throw refused(
          "/" + field,
          "has "
              + body.path(field).size()
              + " jobs; at most "
              + most
              + " are allowed (longhaul.flows.request.max-"
              + field
              + "). Submit several, or raise the limit");
    }
    FlowBody read =
        (batch ? BATCH : CHAIN)
            .read(
                body,
                FlowBody.class,
                violations -> new IntakeException(new Refusal.InvalidFlow(true, violations)));
    Map<FlowCallback, List<Call>> callbacks = new EnumMap<>(FlowCallback.class);
    Map<FlowCallback, List<Webhook>> webhooks = new EnumMap<>(FlowCallback.class);
    for (FlowCallback which : FlowCallback.values()) {
      List<Entry> entries = read.callbacks(which);
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        String path = "/" + which.wire() + "/" + i;
        String url = entry.options().callbackUrl();
        if (entry.webhook() && url != null) {
          webhooks
              .computeIfAbsent(which, _ -> new ArrayList<>())
              .add(new Webhook(path + "/callback_url", url));
        } else {
          callbacks.computeIfAbsent(which, _ -> new ArrayList<>()).add(call(entry, path));
        }
      }
    }
    return new FlowDefinition(
        kind,
        read.name() == null ? kind.wire() : read.name(),
        read.allowFailures(),
        read.queue(),
        read.chunk() != null
            ? Chunks.of(read.chunk(), limits.maxJobs())
            : calls(field, batch ? read.jobs() : read.steps()),
        callbacks,
        webhooks,
        read.callbackUrl(),
        read.channels(),
        read.idempotencyKey());
  }

  static IntakeException refused(String path, String message) {
    return new IntakeException(
        new Refusal.InvalidFlow(true, List.of(new Violation(path, message))));
  }

  private static List<Call> calls(String field, List<Entry> entries) {
    List<Call> calls = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      calls.add(call(entry, "/" + field + "/" + calls.size()));
    }
    return calls;
  }

  static Call call(Entry entry, String path) {
    RequestedCall call = entry.call();
    return new Call(path, call.brief(), call.methodCalled(), call.paramsCalled(), entry.options());
  }
}
