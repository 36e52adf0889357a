package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A caller that fills the store, and the cost of reading what it stored. */
@Hostile(
    settings = {
      "longhaul.quotas.caller-bytes=22MB",
      "longhaul.quotas.caller-jobs=100",
      "longhaul.intake.max-priority=high",
      "longhaul.mcp.max-sessions=5"
    })
class StorageAttack {
  private static final String MEGABYTES = "x".repeat(5_000_000);

  @Test
  void largeHeldJobsAreRefusedAtTheQuotaAndListedWithoutTheirArguments(Target target)
      throws Exception {
    List<String> jobs = new ArrayList<>();
    var answer = target.post("/api/v1/jobs", held());
    while (answer.statusCode() == 202 && jobs.size() < 10) {
      jobs.add(Target.JSON.readTree(answer.body()).path("id").asString());
      answer = target.post("/api/v1/jobs", held());
    }
    assertThat(jobs).hasSize(4);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("longhaul.quotas.caller-bytes");

    var page = target.get("/api/v1/jobs?limit=500");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).hasSizeLessThan(20_000).contains(jobs);
    jobs.forEach(job -> target.post("/api/v1/jobs/" + job + "/cancel", ""));
    target.assertServes();
  }

  @Test
  void manySmallJobsAreRefusedAtTheQuota(Target target) throws Exception {
    List<String> jobs = new ArrayList<>();
    String small = "{\"tool\":\"compute_hash\",\"arguments\":{\"data\":\"x\"},\"held\":true}";
    var answer = target.post("/api/v1/jobs", small);
    while (answer.statusCode() == 202 && jobs.size() < 200) {
      jobs.add(Target.JSON.readTree(answer.body()).path("id").asString());
      answer = target.post("/api/v1/jobs", small);
    }
    assertThat(jobs).hasSize(100);
    assertThat(answer.body()).contains("longhaul.quotas.caller-jobs");
    jobs.forEach(job -> target.post("/api/v1/jobs/" + job + "/cancel", ""));
    target.assertServes();
  }

  @Test
  void nobodyIsMoreUrgentThanTheOperatorLets(Target target) throws Exception {
    var answer =
        target.post(
            "/api/v1/jobs",
            "{\"tool\":\"compute_hash\",\"arguments\":{\"data\":\"x\"},\"priority\":1000}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("longhaul.intake.max-priority");
    target.assertServes();
  }

  @Test
  void sessionsThatNobodyEndsDoNotAddUp(Target target) throws Exception {
    String first = target.initialize("2025-11-25");
    for (int i = 0; i < 6; i++) {
      target.initialize("2025-11-25");
    }
    var answer = target.post("/mcp", Target.message("tools/list", "{}"), "Mcp-Session-Id", first);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    target.assertServes();
  }

  private static String held() {
    return "{\"tool\":\"compute_hash\",\"arguments\":{\"data\":\""
        + MEGABYTES
        + "\"},\"held\":true}";
  }
}
