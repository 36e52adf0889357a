package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Starts the application with a misspelt name of a tool in the settings. */
@ExtendWith(OutputCaptureExtension.class)
class MisspeltToolTest {

  @ParameterizedTest
  @ValueSource(strings = {"all", "api", "worker"})
  void noRoleStartsAndTheReportSaysWhatToDo(String role, CapturedOutput output) {
    var application = new SpringApplicationBuilder(LonghaulApplication.class);
    assertThatThrownBy(() ->
            application.run(
                "--longhaul.role=" + role,
                "--server.port=0",
                "--spring.data.redis.url=" + TestRedis.url(),
                "--longhaul.namespace=" + TestRedis.namespace(),
                "--longhaul.tools.fetch_urls.rate=10/s",
                "--longhaul.tools.profile_datset.timeout=1s"))
        .hasRootCauseInstanceOf(ToolSettingsException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("- longhaul.tools.profile_datset.timeout (")
        .contains("the tool profile_datset is unknown; did you mean \"profile_dataset\"?")
        .contains("The tools of this process are compress_data, compute_hash, fetch_urls,")
        .doesNotContain("longhaul.tools.fetch_urls.rate");
  }
}
