package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.intake.flow.Flows;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Builds the answers about batches and chains that need their jobs as well. */
final class FlowViews {
  private static final long PAGE_CHARS = 4_000_000;

  private final Flows flows;
  private final JsonMapper json = JsonMapper.builder().build();

  FlowViews(Flows flows) {
    this.flows = flows;
  }

  /** A chain with its steps, and its result or what the step that failed left. */
  ChainView chain(Caller caller, FlowView chain, Routes routes) {
    List<FlowChild> steps =
        flows.children(caller, FlowKind.CHAIN, chain.id(), 0, JobFilter.MAX_LIMIT);
    boolean completed = chain.state() == FlowState.COMPLETED;
    String result = completed ? outcome(caller, chain, steps.size() - 1) : null;
    String failure =
        steps.stream()
            .filter(step -> step.end() == FlowChild.End.FAILED)
            .findFirst()
            .map(failed -> outcome(caller, chain, failed.index()))
            .orElse(null);
    return ChainView.of(chain, steps, result, failure, routes);
  }

  private @Nullable String outcome(Caller caller, FlowView chain, int step) {
    List<FlowResult> one = flows.results(caller, FlowKind.CHAIN, chain.id(), step, 1, 1);
    return one.isEmpty() ? null : FlowItem.of(one.getFirst(), json).result();
  }

  /** A page of a batch's jobs with their results. */
  FlowPage results(Caller caller, JobId batch, int offset, int limit) {
    int total = BatchView.total(flows.find(caller, FlowKind.BATCH, batch));
    List<FlowResult> results =
        flows.results(caller, FlowKind.BATCH, batch, offset, limit, PAGE_CHARS);
    boolean more = !results.isEmpty() && offset + results.size() < total;
    return new FlowPage(
        results.stream().map(result -> FlowItem.of(result, json)).toList(),
        offset,
        total,
        more,
        more ? offset + results.size() : null);
  }
}
