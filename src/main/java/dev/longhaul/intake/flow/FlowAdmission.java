package dev.longhaul.intake.flow;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.Template;
import dev.longhaul.catalog.TemplateArguments;
import dev.longhaul.catalog.Tool;
import dev.longhaul.intake.Admission;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.intake.flow.FlowDefinition.Webhook;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.LocalPools;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.schema.Violations;
import dev.longhaul.tool.Client;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Validates the jobs of a batch or chain and turns them into job requests, with the same checks as
 * for a single job. Of arguments with templates only the templates are checked here; the arguments
 * are checked when the job starts and the values are known.
 */
final class FlowAdmission {
  private final Admission admission;

  FlowAdmission(Admission admission) {
    this.admission = admission;
  }

  /** The requests to store. */
  record Admitted(
      List<JobRequest> jobs,
      Map<FlowCallback, List<JobRequest>> callbacks,
      @Nullable NotificationPlan notification) {}

  /**
   * Validates a batch or chain.
   *
   * @throws IntakeException {@link Refusal.InvalidFlow} if anything is wrong, with all violations
   */
  Admitted admit(Caller caller, Client client, FlowDefinition flow) {
    Violations violations = new Violations();
    List<JobRequest> jobs = new ArrayList<>(flow.jobs().size());
    int total = flow.jobs().size();
    boolean chain = flow.kind() == FlowKind.CHAIN;
    for (int i = 0; i < total && !violations.full(); i++) {
      Call call = flow.jobs().get(i);
      boolean templates = chain && templates(call, new Known(i, total, true, false), violations);
      add(jobs, caller, client, call, flow, templates, violations);
    }
    Map<FlowCallback, List<JobRequest>> callbacks = new EnumMap<>(FlowCallback.class);
    flow.callbacks()
        .forEach((which, calls) -> {
          List<JobRequest> requests = new ArrayList<>();
          // Only the callback of a completed chain can rely on the results of all steps.
          boolean steps = chain && which == FlowCallback.THEN;
          for (Call call : calls) {
            boolean templates = templates(call, new Known(total, total, steps, true), violations);
            add(requests, caller, client, call, flow, templates, violations);
          }
          callbacks.put(which, requests);
        });
    flow.webhooks()
        .forEach((which, hooks) -> {
          for (Webhook hook : hooks) {
            NotificationPlan plan = plan(hook.url(), List.of(), hook.path(), violations);
            if (plan != null) {
              callbacks
                  .computeIfAbsent(which, _ -> new ArrayList<>())
                  .add(WebhookCallbacks.request(flow.kind(), which, hook.url(), plan, caller));
            }
          }
        });
    NotificationPlan plan = notification(flow, violations);
    if (!violations.none()) {
      throw new IntakeException(new Refusal.InvalidFlow(false, violations.list()));
    }
    return new Admitted(jobs, callbacks, plan);
  }

  private @Nullable NotificationPlan notification(FlowDefinition flow, Violations violations) {
    return plan(flow.callbackUrl(), flow.channels(), null, violations);
  }

  private @Nullable NotificationPlan plan(
      @Nullable String url, List<String> channels, @Nullable String path, Violations violations) {
    try {
      return admission.notification(url, channels);
    } catch (IntakeException e) {
      Refusal.BadRequest refused = e.as(Refusal.BadRequest.class);
      String option = refused.option() == null ? "" : "/" + refused.option();
      violations.add(path == null ? option : path, refused.message());
      return null;
    }
  }

  /**
   * The results to which the templates of a job may refer.
   *
   * @param before the number of steps before it
   */
  private record Known(int before, int total, boolean steps, boolean flow) {}

  private void add(
      List<JobRequest> requests,
      Caller caller,
      Client client,
      Call call,
      FlowDefinition flow,
      boolean templates,
      Violations violations) {
    if (call.callsTool() && FlowKind.begunBy(call.params().path("name").asString("")).isPresent()) {
      violations.add(
          call.namePath(),
          "a batch or chain cannot be a job of another one; submit it by itself, or put its jobs"
              + " here");
      return;
    }
    JobHeaders headers = templates ? JobHeaders.of(client).templated() : JobHeaders.of(client);
    Submission given =
        new Submission(caller, call.method(), call.params(), call.options(), headers);
    try {
      // The values of arguments with templates are known only when the step starts.
      Submission submission = templates ? given : admission.tidy(given);
      Tool tool = templates ? admission.tool(submission) : admission.admit(submission);
      if (tool.handler().delegates()) {
        violations.add(
            call.namePath(),
            "its upstream gets a token in exchange for its caller's own, which is there only while"
                + " a call is submitted by itself; submit it so");
        return;
      }
      if (templates && !call.templates().isObject()) {
        violations.add(call.argumentsPath(), "must be an object");
        return;
      }
      JobRequest request = admission.request(submission, tool);
      String queue = flow.queue();
      requests.add(
          queue == null || LocalPools.isReserved(request.queue()) ? request : request.in(queue));
    } catch (IntakeException e) {
      violated(call, e, violations);
    }
  }

  /**
   * Records the refusal of a job as violations of the definition. A refusal with another reason is
   * thrown.
   */
  private static void violated(Call call, IntakeException refused, Violations violations) {
    switch (refused.refusal()) {
      case Refusal.InvalidArguments e ->
          e.violations().forEach(v -> violations.add(call.argumentsPath() + v.path(), v.message()));
      case Refusal.InvalidParams e ->
          e.violations()
              .forEach(v -> violations.add(call.path() + "/params" + v.path(), v.message()));
      case Refusal.UnknownTool e ->
          violations.add(call.namePath(), e.message() + ". tools/list names those served.");
      case Refusal.UnsupportedMethod e -> violations.add(call.path() + "/method", e.message());
      case Refusal.BadRequest e ->
          violations.add(call.path() + (e.option() == null ? "" : "/" + e.option()), e.message());
      default -> throw refused;
    }
  }

  private static boolean templates(Call call, Known known, Violations violations) {
    JsonNode arguments = call.templates();
    Violations wrong = new Violations();
    for (Template.Source source : TemplateArguments.sources(arguments, wrong)) {
      if (wrong.full()) {
        break;
      }
      String problem = problem(source, known);
      if (problem != null) {
        wrong.add("", problem);
      }
    }
    wrong.list().forEach(v -> violations.add(call.templatesPath() + v.path(), v.message()));
    return TemplateArguments.isIn(arguments);
  }

  private static @Nullable String problem(Template.Source source, Known known) {
    return switch (source) {
      case Template.OfFlow _ ->
          known.flow()
              ? null
              : "{{flow…}} is for callbacks; a step can use the results of steps before it";
      case Template.Previous _ when !known.steps() -> onlyFlow();
      case Template.Previous _ ->
          known.before() > 0 ? null : "the first step has no step before it to take a result from";
      case Template.Step _ when !known.steps() -> onlyFlow();
      case Template.Step step when step.number() > known.total() ->
          "there is no step "
              + step.number()
              + ": the chain has "
              + known.total()
              + ", counted from 1";
      case Template.Step step when step.number() > known.before() ->
          "step "
              + step.number()
              + (step.number() == known.before() + 1 ? " is this one itself" : " comes later")
              + "; only the results of steps before it can be used, counted from 1";
      case Template.Step _ -> null;
    };
  }

  private static String onlyFlow() {
    return "this callback can use {{flow#/…}} only; results of steps are available only in the then"
        + " callbacks of a chain";
  }
}
