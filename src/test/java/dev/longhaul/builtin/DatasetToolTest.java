package dev.longhaul.builtin;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.builtin.dataset.DatasetFormat;
import dev.longhaul.builtin.dataset.DatasetProfile;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.tool.AnswerWarning;
import dev.longhaul.tool.Calls;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.json.JsonMapper;

class DatasetToolTest {
  @TempDir Path temporary;
  private Path directory;
  private DatasetTool tool;

  @SuppressWarnings("NullAway.Init")
  DatasetToolTest() {}

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createDirectory(temporary.resolve("data"));
    Files.writeString(directory.resolve("good.csv"), "a,b\n1,2\n");
    Files.writeString(temporary.resolve("secret.csv"), "password\nxyz\n");
    tool = new DatasetTool(properties(directory));
  }

  private static BuiltinProperties properties(Path directory) {
    var source = new MapConfigurationPropertySource();
    source.put("longhaul.builtin.data-directory", directory.toString());
    source.put("longhaul.builtin.max-inline", "1KB");
    return new Binder(source).bind("longhaul.builtin", BuiltinProperties.class).get();
  }

  private long rows(@Nullable String path, @Nullable String content) throws IOException {
    return Objects.requireNonNull(tool.profileDataset(path, content, null).data()).rows();
  }

  private void assertRefused(String path, String part) {
    assertThatThrownBy(() -> tool.profileDataset(path, null, null))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("'path' is '" + path)
        .hasMessageContaining(part)
        .hasMessageNotContaining(temporary.toString());
  }

  @Test
  void readsOnlyFilesWithinTheDataDirectory() throws IOException {
    Files.createSymbolicLink(directory.resolve("link.csv"), temporary.resolve("secret.csv"));
    Files.createSymbolicLink(directory.resolve("up"), temporary);
    Files.createSymbolicLink(directory.resolve("inside.csv"), directory.resolve("good.csv"));

    assertThat(rows("good.csv", null)).isEqualTo(1);
    assertThat(rows("./x/../good.csv", null)).isEqualTo(1);
    assertThat(rows("inside.csv", null)).isEqualTo(1);
    assertRefused("../secret.csv", "leads out of the data directory");
    assertRefused("x/../../secret.csv", "leads out of the data directory");
    assertRefused("/etc/passwd", "leads out of the data directory");
    assertRefused("link.csv", "leads out of the data directory");
    assertRefused("up/secret.csv", "leads out of the data directory");
    assertRefused("none.csv", "no such file");
    assertRefused("nul\0.csv", "no such file");
    assertRefused(".", "not a file");
  }

  @Test
  void saysWhatIsMissingWhenThereIsNoDataDirectory() {
    var nowhere = new DatasetTool(properties(temporary.resolve("nowhere")));

    assertThatThrownBy(() -> nowhere.profileDataset("good.csv", null, null))
        .hasMessageContaining("longhaul.builtin.data-directory")
        .hasMessageContaining("'content'");
  }

  @Test
  void takesExactlyOneOfPathAndContent() throws IOException {
    assertThat(rows(null, "a\n1\n")).isEqualTo(1);
    assertThatThrownBy(() -> tool.profileDataset(null, null, null))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("exactly one of 'path' and 'content'; neither");
    assertThatThrownBy(() -> tool.profileDataset("good.csv", "a\n1\n", null))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("both");
    assertThatThrownBy(() -> tool.profileDataset(null, "x".repeat(2_000), null))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("longhaul.builtin.max-inline");
  }

  @Test
  void keepsTheProfileOfTheRowsReadWhenItIsCancelledInTheMiddle() throws IOException {
    Path file = directory.resolve("long.csv");
    StringBuilder rows = new StringBuilder("n,text\n");
    for (int i = 0; i < 1_500_000; i++) {
      rows.append(i).append(",some words\n");
    }
    Files.writeString(file, rows);
    var json = JsonMapper.builder().build();
    AtomicReference<@Nullable AttemptContext> running = new AtomicReference<>();
    var sink =
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {
            AttemptContext call = running.get();
            Double fraction = progress.fraction();
            if (call != null && fraction != null && fraction > 0.3) {
              call.stop(AttemptContext.Stop.CANCELLED);
            }
          }

          @Override
          public void log(JobLog said) {}
        };
    var call =
        new AttemptContext(
            "job",
            1,
            "tester",
            Instant.now(Clock.systemUTC()).plusSeconds(600),
            Clock.systemUTC(),
            json,
            sink);
    running.set(call);

    assertThatThrownBy(() -> Calls.run(call, () -> tool.profileDataset("long.csv", null, null)))
        .isInstanceOf(JobStoppedException.class);

    var partial = call.partial().orElseThrow();
    var answer = json.readTree(partial.json());
    assertThat(answer.path("summary").asString()).contains("row");
    var warning = answer.path("warnings").get(0);
    assertThat(warning.path("code").asString()).isEqualTo("PARTIAL_RESULT");
    assertThat(warning.path("processed").asLong()).isEqualTo(partial.processed());
    assertThat(answer.path("timing").path("timeout_seconds").asDouble()).isGreaterThan(0);
    var profile = answer.path("data");
    assertThat(profile.path("complete").asBoolean(true)).isFalse();
    assertThat(profile.path("rows").asLong()).isBetween(1L, 1_499_999L);
    assertThat(profile.path("rows").asLong()).isEqualTo(partial.processed());
    assertThat(profile.path("columns").get(0).path("max").asLong())
        .isEqualTo(profile.path("rows").asLong() - 1);
  }

  /** A field, so that the type of the result is tested, too. */
  @Test
  void answersWithAProfile() throws IOException {
    ToolAnswer<DatasetProfile> answer = tool.profileDataset("good.csv", null, null);

    assertThat(answer.summary()).isEqualTo("1 row in 2 columns.");
    assertThat(answer.counts()).isEqualTo(Map.of("rows", 1L, "malformed_rows", 0L, "columns", 2L));
    assertThat(answer.warnings()).isEmpty();
  }

  @Test
  void saysWhatToKnowOfTheData() throws IOException {
    String wide =
        IntStream.range(0, 300).mapToObj(i -> Integer.toString(i, 36)).collect(joining(","));

    ToolAnswer<DatasetProfile> answer = tool.profileDataset(null, wide + "\n", DatasetFormat.csv);

    assertThat(answer.warnings()).extracting(AnswerWarning::code).containsOnly("DATA_QUALITY");
  }
}
