package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RequestContext;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** The headers of a job reach its worker and have no other effect. */
class HeadersTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Client CLIENT =
      new Client(
          "2026-07-28",
          JSON.createObjectNode().set("roots", JSON.createObjectNode()),
          "inspector",
          null,
          "info",
          Map.of("traceparent", "00-a"));
  private static final RequestContext REQUEST =
      new RequestContext("r-1", "desk", "de", Map.of(), null);
  private static final JobHeaders EARLIER = JobHeaders.of(CLIENT).within(REQUEST).templated();
  private static final JobHeaders HEADERS =
      EARLIER.running(
          new CacheRun(
              new CacheKey("report", "call", "-"), "flight", "token", Duration.ofMinutes(5)));

  @RegisterExtension
  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  @Test
  void aClaimHasTheHeadersOfItsJobAndParamsAsTheyWereGiven() {
    var given =
        Requests.of("{\"name\":\"greet\",\"_client\":{\"name\":\"somebody else\"},\"_cache\":1}");
    redis.jobs(10).enqueue(List.of(given.headed(HEADERS.json()), given));

    assertThat(JobHeaders.read(claim().headers())).isEqualTo(HEADERS);
    Claim without = claim();
    assertThat(JobHeaders.read(without.headers())).isEqualTo(JobHeaders.NONE);
    assertThat(without.params()).isEqualTo(given.params());
  }

  @Test
  void aReplayHasTheHeadersOfTheDeadJobAndWhatEndedOtherwiseKeepsNone() {
    JobId id = enqueue("{}");
    die(claim());
    redis.admin().replay(List.of(id));

    Claim replay = claim();
    assertThat(JobHeaders.read(replay.headers())).isEqualTo(HEADERS);
    end(replay, new Outcome.Cancelled(null));
    assertThat(fields(id).get("p")).isNotEmpty();
    assertThat(fields(replay.id()).get("p")).isEmpty();
  }

  private JobId enqueue(String params) {
    return redis.jobs(10).enqueue(List.of(Requests.of(params).headed(HEADERS.json()))).getFirst();
  }

  private Claim claim() {
    Claim claim = redis.work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    redis.work().start(List.of(claim)).join();
    return claim;
  }

  private void die(Claim claim) {
    end(claim, new Outcome.GivenUp(JobError.outcomeUnknown(), null));
  }

  private void end(Claim claim, Outcome outcome) {
    var end = new Completion.Finished(claim.id(), claim.token(), outcome);
    redis.work().step(List.of(end), List.of("default"), 0).join();
  }

  private Map<String, String> fields(JobId id) {
    return redis.commands().hgetall(key(id));
  }

  private String key(JobId id) {
    return redis.tag() + ":j:" + id.value();
  }
}
