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

/** A batch ({@code batch.json}) or chain ({@code chain.json}) as it was sent. */
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

  /** What is started when this becomes of it. */
  List<Entry> callbacks(FlowCallback which) {
    return switch (which) {
      case THEN -> then;
      case CATCH -> onFailure;
      case FINALLY -> atEnd;
    };
  }

  /** One of its jobs or, among the callbacks, perhaps a webhook. */
  record Entry(@JsonUnwrapped RequestedCall call, @JsonUnwrapped JobOptions options) {
    /** Whether it calls nothing, so that only its URL is to be told. */
    boolean webhook() {
      return call.tool() == null && call.params() == null;
    }
  }

  /**
   * A job to be divided.
   *
   * @param list the argument that is the list
   * @param size how many items a job gets; null for 100
   */
  record Chunk(@JsonUnwrapped Entry job, String list, @Nullable Integer size) {}
}
