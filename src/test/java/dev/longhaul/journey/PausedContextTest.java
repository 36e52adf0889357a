package dev.longhaul.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A context can be stopped and restarted, as Spring's test framework and some hosts do. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@DirtiesContext
class PausedContextTest {

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @Autowired private ConfigurableApplicationContext context;
  @Autowired private Intake intake;

  @Test
  void aContextThatWasStoppedAndStartedRunsJobsAgain() throws Exception {
    assertThat(run().state()).isEqualTo(JobState.COMPLETED);
    context.stop();
    context.start();
    assertThat(run().state()).isEqualTo(JobState.COMPLETED);
  }

  private Job run() throws Exception {
    ObjectNode params = JsonMapper.builder().build().createObjectNode().put("name", "compute_hash");
    params.putObject("arguments").put("data", "abc");
    Job job = intake.submit(Submission.toolCall(Caller.LOCAL, params));
    return intake.await(Caller.LOCAL, job.id(), Duration.ofSeconds(60));
  }
}
