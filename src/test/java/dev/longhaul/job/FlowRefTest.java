package dev.longhaul.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlowRefTest {
  private static final JobId FLOW = JobId.create(1_700_000_000_000L, 7);

  @Test
  void everyPlaceHasAnIdOfItsOwnInTheShardOfTheFlow() {
    JobId first = new FlowRef(FLOW, 0).job();
    assertThat(first.shard()).isEqualTo(7);
    assertThat(first.epochMillis()).isEqualTo(FLOW.epochMillis());
    assertThat(first)
        .isEqualTo(new FlowRef(FLOW, 0).job())
        .isNotEqualTo(FLOW)
        .isNotEqualTo(new FlowRef(FLOW, 1).job())
        .isNotEqualTo(new FlowRef(JobId.create(1_700_000_000_000L, 7), 0).job());
  }

  @Test
  void callbacksHaveThePlacesBelowTheChildren() {
    for (FlowCallback callback : FlowCallback.values()) {
      assertThat(FlowRef.of(FLOW, callback).callback()).contains(callback);
      assertThat(FlowRef.of(FLOW, callback).index()).isNegative();
    }
    assertThat(new FlowRef(FLOW, 0).callback()).isEmpty();
    assertThatThrownBy(() -> new FlowRef(FLOW, -31)).isInstanceOf(IllegalArgumentException.class);
  }
}
