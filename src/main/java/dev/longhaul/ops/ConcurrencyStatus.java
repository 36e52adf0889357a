package dev.longhaul.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of get_concurrency_status; its schema is in tools/get_concurrency_status.json. */
record ConcurrencyStatus(
    @JsonProperty("queues") List<QueueUse> queues,
    @JsonProperty("tools") List<ToolLimits> tools,
    @JsonProperty("process") ProcessUse process,
    @JsonProperty("recommendations") List<String> recommendations) {

  /**
   * A named queue.
   *
   * @param state active, paused or draining
   */
  record QueueUse(
      @JsonProperty("name") String name,
      @JsonProperty("state") String state,
      @JsonProperty("waiting") long waiting,
      @JsonProperty("held_back") long heldBack,
      @JsonProperty("oldest_waiting_seconds") double oldestWaitingSeconds) {}

  /**
   * The limits of a tool and their use.
   *
   * @param running how many jobs run, for a tool with max_concurrent
   * @param waiting approximately how many jobs wait for a limit or the circuit breaker; null for an
   *     inline tool
   * @param breakerOpen true while its circuit breaker is open, else null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToolLimits(
      @JsonProperty("name") String name,
      @JsonProperty("execution") String execution,
      @JsonProperty("queue") @Nullable String queue,
      @JsonProperty("timeout_seconds") double timeoutSeconds,
      @JsonProperty("max_concurrent") @Nullable Integer maxConcurrent,
      @JsonProperty("running") @Nullable Long running,
      @JsonProperty("max_rate") @Nullable String maxRate,
      @JsonProperty("waiting") @Nullable Long waiting,
      @JsonProperty("breaker_open") @Nullable Boolean breakerOpen) {}

  /**
   * This process.
   *
   * @param slots by pool, how many jobs run at once; empty without a worker
   */
  record ProcessUse(
      @JsonProperty("processors") int processors,
      @JsonProperty("heap_used_percent") double heapUsedPercent,
      @JsonProperty("running") int running,
      @JsonProperty("slots") Map<String, Integer> slots) {}
}
