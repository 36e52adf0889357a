package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.queue.redis.check.RedisCheck;
import dev.longhaul.queue.redis.check.RedisCheckAutoConfiguration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class EmbeddedRedisAutoConfigurationTest {
  @TempDir Path directory;

  @Test
  void theApplicationStartsItsOwnWhenNobodyNamesOne(CapturedOutput output) {
    application()
        .run(context -> {
          var template = context.getBean(StringRedisTemplate.class);
          template.opsForValue().set("key", "value");
          assertThat(template.opsForValue().get("key")).isEqualTo("value");
          assertThat(context).hasSingleBean(RedisCheck.class);
        });
    assertThat(output).contains("Started ", "to use your own Redis set spring.data.redis.url");
  }

  @Test
  void timeOutsAndEmptyValuesNameNoRedis() {
    application()
        .withPropertyValues(
            "spring.data.redis.timeout=5s",
            "spring.data.redis.url=",
            "spring.data.redis.repositories.enabled=false")
        .run(context -> assertThat(context).hasSingleBean(EmbeddedRedis.class));
  }

  @Test
  void aSettingThatNamesARedisIsObeyed() {
    application()
        .withPropertyValues("spring.data.redis.port=1", "longhaul.redis.check=report")
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context).doesNotHaveBean(EmbeddedRedis.class);
        });
  }

  @Test
  void connectionDetailsOfOthersAreObeyed() {
    application()
        .withPropertyValues("longhaul.redis.check=report")
        .withBean(DataRedisConnectionDetails.class, ElsewhereDetails::new)
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context).doesNotHaveBean(EmbeddedRedis.class);
        });
  }

  @Test
  void aLibraryStartsNoServerAndDoesNotStopItsHost() {
    runner()
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context).doesNotHaveBean(EmbeddedRedis.class);
          assertThat(context).hasSingleBean(RedisCheck.class);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "worker"})
  void aRoleThatSharesTheQueueNeedsAConfiguredRedis(String role) {
    for (var enabled : new boolean[] {true, false}) {
      application()
          .withPropertyValues("longhaul.role=" + role, "longhaul.embedded-redis.enabled=" + enabled)
          .run(context ->
              assertThat(context)
                  .getFailure()
                  .hasRootCauseInstanceOf(EmbeddedRedisException.class)
                  .rootCause()
                  .hasMessageContaining("longhaul.role=" + role)
                  .extracting(e -> ((EmbeddedRedisException) e).action())
                  .asString()
                  .contains("spring.data.redis.url"));
    }
  }

  @Test
  void theApplicationWithTheEmbeddedOneSwitchedOffNeedsAConfiguredRedis() {
    application()
        .withPropertyValues("longhaul.embedded-redis.enabled=false")
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("longhaul.embedded-redis.enabled is false"));
  }

  @Test
  void theServerOutlivesWhoeverStillUsesItWhileTheContextCloses() {
    var written = new AtomicReference<String>();
    var pid = new AtomicReference<Long>();
    application()
        .withBean("written", AtomicReference.class, () -> written)
        .withUserConfiguration(LastWords.class)
        .run(context -> pid.set(context.getBean(EmbeddedRedis.class).pid()));
    assertThat(written.get()).isEqualTo("stopped destroyed");
    assertThat(ProcessHandle.of(pid.get()).map(ServerProcess::new))
        .as("the server, ended even if the JVM has yet to reap it")
        .matches(server -> server.filter(ServerProcess::isRunning).isEmpty());
  }

  @Test
  void theOperatorReadsADescriptionAndAnActionAndNoStackTrace(CapturedOutput output) {
    var application = new SpringApplication(Minimal.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    var properties = new HashMap<String, Object>(standalone());
    properties.put("longhaul.role", "worker");
    application.setDefaultProperties(properties);
    assertThatThrownBy(application::run).hasRootCauseInstanceOf(EmbeddedRedisException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Description:", "Action:", "spring.data.redis.url")
        .doesNotContain("\tat ");
  }

  private ApplicationContextRunner application() {
    return runner()
        .withPropertyValues(
            standalone().entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
  }

  private Map<String, Object> standalone() {
    return Map.of(
        "longhaul.standalone", "true",
        "longhaul.embedded-redis.enabled", "true",
        "longhaul.embedded-redis.data-directory", directory.toString(),
        "longhaul.redis.check", "fail");
  }

  private static ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                EmbeddedRedisAutoConfiguration.class,
                DataRedisAutoConfiguration.class,
                RedisCheckAutoConfiguration.class));
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    EmbeddedRedisAutoConfiguration.class,
    DataRedisAutoConfiguration.class,
    RedisCheckAutoConfiguration.class
  })
  static class Minimal {}

  private static final class ElsewhereDetails implements DataRedisConnectionDetails {
    @Override
    public Standalone getStandalone() {
      return Standalone.of("localhost", 1);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class LastWords {
    @Bean
    Writer writer(StringRedisTemplate template, AtomicReference<String> written) {
      return new Writer(template, written);
    }
  }

  /** Uses Redis as late as a bean can: in its stop, as a draining worker does, and afterwards. */
  static final class Writer implements SmartLifecycle, AutoCloseable {
    private final StringRedisTemplate template;
    private final AtomicReference<String> written;
    private boolean running;

    Writer(StringRedisTemplate template, AtomicReference<String> written) {
      this.template = template;
      this.written = written;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      template.opsForValue().set("last-words", "stopped");
      written.set(String.valueOf(template.opsForValue().get("last-words")));
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public void close() {
      written.updateAndGet(words -> words + " destroyed");
    }
  }
}
