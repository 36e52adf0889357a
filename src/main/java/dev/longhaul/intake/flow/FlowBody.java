package dev.longhaul.intake.flow;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.request.RequestedCall;
import dev.longhaul.job.FlowCallback;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request body for a batch ({@code batch.json}) or chain ({@code chain.json}). */
record FlowBody(
    @Nullable String name,
    @Nullable String queue,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Entry> jobs,
    @Nullable Chunk chunk,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Entry> steps,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Entry> then,
    @JsonProperty("catch") @JsonSetter(nulls = Nulls.AS_EMPTY) List<Entry> onFailure,
    @JsonProperty("finally") @JsonSetter(nulls = Nulls.AS_EMPTY) List<Entry> atEnd,
    boolean allowFailures,
    @Nullable String callbackUrl,
    @JsonProperty("notify") @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> channels,
    @Nullable String idempotencyKey) {

  /** The callbacks for this event. */
  List<Entry> callbacks(FlowCallback which) {
    return switch (which) {
      case THEN -> then;
      case CATCH -> onFailure;
      case FINALLY -> atEnd;
    };
  }

  /** A job or callback; a callback may be a webhook. */
  record Entry(@JsonUnwrapped RequestedCall call, @JsonUnwrapped JobOptions options) {
    /** Whether it is a webhook: it has no call, only a URL. */
    boolean webhook() {
      return call.tool() == null && call.params() == null;
    }
  }

  /**
   * A call to be divided into several jobs.
   *
   * @param list the name of the argument with the list
   * @param size the number of items per job; null for 100
   */
  record Chunk(@JsonUnwrapped Entry job, String list, @Nullable Integer size) {}
}
