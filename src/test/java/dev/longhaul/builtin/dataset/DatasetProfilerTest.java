package dev.longhaul.builtin.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.longhaul.tool.PermanentFailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetProfilerTest {
  private static final int ROWS = 20_000;

  private final DatasetProfiler profiler = new DatasetProfiler(ProfileLimits.DEFAULT);

  private DatasetProfile profile(String text) throws IOException {
    return profiler.profile(DatasetSource.inline(text), null, ProfileWatch.NOBODY);
  }

  private static ColumnProfile column(DatasetProfile profile, String name) {
    return profile.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(DatasetFormat.class)
  void agreesWithExactlyComputedValuesOnRandomData(DatasetFormat format) throws IOException {
    long seed = System.nanoTime();
    System.out.println("DatasetProfilerTest " + format + " seed " + seed);
    Random random = new Random(seed);
    List<@Nullable Double> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    StringBuilder data = new StringBuilder(format == DatasetFormat.csv ? "id,amount,city\n" : "");
    for (int i = 0; i < ROWS; i++) {
      Double number =
          random.nextInt(10) == 0 ? null : Math.round(random.nextGaussian() * 1e5) / 100.0 + 0.001;
      String text = "city \"" + random.nextInt(20) + "\", é" + (random.nextBoolean() ? "\n" : "");
      numbers.add(number);
      texts.add(text);
      data.append(
          format == DatasetFormat.csv
              ? i + "," + (number == null ? "" : number) + ",\"" + text.replace("\"", "\"\"") + "\""
              : "{\"id\":" + i + ",\"amount\":" + number + ",\"city\":\"" + json(text) + "\"}");
      data.append(random.nextBoolean() ? "\n" : "\r\n");
    }

    DatasetProfile profile = profile(data.toString());

    assertThat(profile.format()).isEqualTo(format.name());
    assertThat(profile.complete()).isTrue();
    assertThat(profile.rows()).isEqualTo(ROWS);
    assertThat(profile.malformedRows()).isZero();
    assertThat(profile.bytesRead()).isEqualTo(profile.bytesTotal());
    checkNumbers(column(profile, "amount"), numbers.stream().filter(Objects::nonNull).toList());
    checkTexts(column(profile, "city"), texts);
    ColumnProfile id = column(profile, "id");
    assertThat(id.type()).isEqualTo("integer");
    assertThat(id.min()).isEqualTo(0L);
    assertThat(id.max()).isEqualTo(ROWS - 1L);
    assertThat(id.distinctExact()).isFalse();
    // Six times the standard error of 1.6 %, so that a correct sketch practically never fails.
    assertThat((double) id.distinct()).isCloseTo(ROWS, within(ROWS * 0.1));
  }

  private static String json(String text) {
    return text.replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static void checkNumbers(ColumnProfile column, List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    assertThat(column.type()).isEqualTo("number");
    assertThat(column.count()).isEqualTo(sorted.length);
    assertThat(column.nulls()).isEqualTo(ROWS - sorted.length);
    assertThat(column.min()).isEqualTo(sorted[0]);
    assertThat(column.max()).isEqualTo(sorted[sorted.length - 1]);
    assertThat(Objects.requireNonNull(column.mean()))
        .isCloseTo(Arrays.stream(sorted).average().orElseThrow(), within(1e-9));
    // The sketch guarantees 1.7 % of rank at 99 % confidence; with 4 % no chance failure is
    // expected.
    assertRank(sorted, Objects.requireNonNull(column.p50()), 0.5);
    assertRank(sorted, Objects.requireNonNull(column.p95()), 0.95);
  }

  private static void assertRank(double[] sorted, double value, double rank) {
    int at = Arrays.binarySearch(sorted, value);
    assertThat((at < 0 ? -at - 1 : at) / (double) sorted.length).isCloseTo(rank, within(0.04));
  }

  private static void checkTexts(ColumnProfile column, List<String> values) {
    Map<String, Long> counts = new HashMap<>();
    values.forEach(value -> counts.merge(value, 1L, Long::sum));
    assertThat(column.type()).isEqualTo("string");
    assertThat(column.distinctExact()).isTrue();
    assertThat(column.distinct()).isEqualTo(counts.size());
    assertThat(column.topValues()).hasSize(10);
    column.topValues().forEach(top -> assertThat(top.count()).isEqualTo(counts.get(top.value())));
    assertThat(column.topValues().getFirst().count())
        .isEqualTo(counts.values().stream().mapToLong(Long::longValue).max().orElseThrow());
    assertThat(column.minLength())
        .isEqualTo(values.stream().mapToInt(String::length).min().orElseThrow());
    assertThat(column.maxLength())
        .isEqualTo(values.stream().mapToInt(String::length).max().orElseThrow());
  }

  @Test
  void tellsTypesApart() throws IOException {
    DatasetProfile profile =
        profile(
            """
            i;n;b;d;t;s;zip;mixed;empty
            -3;1.5;true;2026-02-28;2026-02-28T10:00:00Z;a;00123;1;
            7;2;FALSE;2024-02-29;2024-02-29 10:00;2026-02-30;01234;x;NULL
            """);

    assertThat(profile.delimiter()).isEqualTo(";");
    assertThat(profile.columns().stream().map(ColumnProfile::type))
        .containsExactly(
            "integer",
            "number",
            "boolean",
            "date",
            "timestamp",
            "string",
            "string",
            "mixed",
            "empty");
    assertThat(column(profile, "d").earliest()).isEqualTo("2024-02-29");
    assertThat(column(profile, "t").latest()).isEqualTo("2026-02-28T10:00:00Z");
    assertThat(column(profile, "mixed").typeCounts())
        .isEqualTo(Map.of("integer", 1L, "string", 1L));
  }

  @Test
  void countsMalformedRowsAndNamesTheirLines() throws IOException {
    DatasetProfile csv = profile("a,b\n1,2\n3\n4,5,6\n\n7,8\n");

    assertThat(csv.rows()).isEqualTo(2);
    assertThat(csv.malformedRows()).isEqualTo(2);
    assertThat(csv.malformedExamples())
        .extracting(DatasetProfile.MalformedRow::line)
        .containsExactly(3L, 4L);

    DatasetProfile jsonl = profile("{\"a\":1}\n{\"a\":\n[1]\n\n{\"a\":2} x\n{\"a\":3}");

    assertThat(jsonl.rows()).isEqualTo(2);
    assertThat(jsonl.malformedExamples())
        .extracting(DatasetProfile.MalformedRow::line)
        .containsExactly(2L, 3L, 5L);
    assertThat(column(jsonl, "a").max()).isEqualTo(3L);
  }

  @Test
  void stopsAtAQuoteThatNeverEndsAndSaysSo() throws IOException {
    var small = new DatasetProfiler(new ProfileLimits(10, 2_000));
    String text = "a,b\n1,2\n3,\"open\n" + "x,y\n".repeat(50_000);

    DatasetProfile profile = small.profile(DatasetSource.inline(text), null, ProfileWatch.NOBODY);

    assertThat(profile.complete()).isFalse();
    assertThat(profile.rows()).isEqualTo(1);
    assertThat(profile.warnings()).singleElement().asString().contains("quote is not closed");
  }

  @Test
  void passesOverLinesThatAreTooLong() throws IOException {
    var small = new DatasetProfiler(new ProfileLimits(10, 200_000));
    String text = "{\"a\":1}\n{\"a\":\"" + "x".repeat(500_000) + "\"}\n{\"a\":3}\n";

    DatasetProfile profile = small.profile(DatasetSource.inline(text), null, ProfileWatch.NOBODY);

    assertThat(profile.rows()).isEqualTo(2);
    assertThat(profile.malformedExamples())
        .extracting(DatasetProfile.MalformedRow::line)
        .containsExactly(2L);
    assertThat(column(profile, "a").max()).isEqualTo(3L);
  }

  @Test
  void keepsNestedJsonAsWrittenBehindCharactersOfManyBytes() throws IOException {
    String wide = "日本🚢é".repeat(5_000);
    String line =
        "{\"w\":\""
            + wide
            + "\",\"tags\": [\"ü\", {\"x\":1}] ,\"in\":{\"k\":5,\"deep\":{\"é\":2}}}\n";

    DatasetProfile profile = profile("{\"w\":\"short\"}\n" + line.repeat(3));

    assertThat(profile.malformedRows()).isZero();
    assertThat(column(profile, "tags").topValues())
        .containsExactly(new ColumnProfile.TopValue("[\"ü\", {\"x\":1}]", 3));
    assertThat(column(profile, "in.k").max()).isEqualTo(5L);
    assertThat(column(profile, "in.deep").topValues())
        .containsExactly(new ColumnProfile.TopValue("{\"é\":2}", 3));
    assertThat(column(profile, "tags").nulls()).isEqualTo(1);
  }

  @Test
  void namesColumnsApartAndIgnoresAByteOrderMark() throws IOException {
    assertThat(profile("\ufeffa,a,,b\n1,2,3,4\n").columns())
        .extracting(ColumnProfile::name)
        .containsExactly("a", "a_2", "column_3", "b");
  }

  @Test
  void warnsOfColumnsThatAreTooMany() throws IOException {
    var narrow = new DatasetProfiler(new ProfileLimits(2, 2_000));

    DatasetProfile profile =
        narrow.profile(DatasetSource.inline("a,b,c\n1,2,3\n"), null, ProfileWatch.NOBODY);

    assertThat(profile.columns()).hasSize(2);
    assertThat(profile.warnings())
        .singleElement()
        .asString()
        .contains("longhaul.builtin.profile.max-columns");
  }

  @Test
  void tellsManyColumnsOfOneNameApart() throws IOException {
    var wide = new DatasetProfiler(new ProfileLimits(10_000, 1 << 20));
    String header = "a_3," + "a,".repeat(9_998) + "a\n";
    String row = "1,".repeat(9_999) + "1\n";

    DatasetProfile profile =
        wide.profile(DatasetSource.inline(header + row), null, ProfileWatch.NOBODY);

    assertThat(profile.columns().stream().map(ColumnProfile::name).limit(6))
        .containsExactly("a_3", "a", "a_2", "a_4", "a_5", "a_6");
    assertThat(profile.columns().stream().map(ColumnProfile::name).distinct()).hasSize(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,", ","})
  @Timeout(60) // two jobs of it once kept a process busy for minutes
  void refusesAHeaderOfMoreFieldsThanItTakes(String field) {
    assertThatThrownBy(() -> profile(field.repeat(300_000) + "a\n1,2\n"))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("more than 100,000 fields");
  }

  @Test
  void aHeaderOfAsManyFieldsAsItTakesIsRead() throws IOException {
    DatasetProfile profile = profile("a,".repeat(99_999) + "a\n" + ",".repeat(99_999) + "\n1,2\n");

    assertThat(profile.columns()).hasSize(ProfileLimits.DEFAULT.maxColumns());
    assertThat(profile.rows()).isEqualTo(1);
    assertThat(profile.malformedExamples())
        .extracting(DatasetProfile.MalformedRow::reason)
        .containsExactly("has 2 fields instead of 100000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n", "{}\n{\"a\":\""})
  void stopsInTheMiddleOfARowThatNeverEnds(String start) throws IOException {
    byte[] head = start.getBytes(StandardCharsets.UTF_8);
    var source =
        new DatasetSource(
            "content",
            Long.MAX_VALUE,
            () ->
                new InputStream() {
                  private int at;

                  @Override
                  public int read() {
                    return at < head.length ? head[at++] : ',';
                  }

                  @Override
                  public int read(byte[] into, int from, int length) {
                    for (int i = 0; i < length; i++) {
                      into[from + i] = (byte) read();
                    }
                    return length;
                  }
                });
    var watch = new StopsAfter(100);

    DatasetProfile profile =
        new DatasetProfiler(ProfileLimits.DEFAULT).profile(source, null, watch);

    assertThat(profile.complete()).isFalse();
    assertThat(watch.kept).isSameAs(profile);
  }

  /** Requests a stop after a number of checks. */
  private static final class StopsAfter implements ProfileWatch {
    private int left;
    private @Nullable DatasetProfile kept;

    StopsAfter(int looks) {
      left = looks;
    }

    @Override
    public boolean stopRequested() {
      return --left < 0;
    }

    @Override
    public void at(long bytesRead, long bytesTotal, long rows, Supplier<DatasetProfile> soFar) {}

    @Override
    public void stopped(DatasetProfile soFar) {
      kept = soFar;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\n ", "\ufeff"})
  void refusesNothing(String text) {
    assertThatThrownBy(() -> profile(text))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("'content' is empty")
        .hasMessageContaining("Give profile_dataset");
  }

  @Test
  void refusesWhatIsNotText() {
    Set<String> messages = new HashSet<>();
    for (byte[] data :
        List.of(new byte[] {0x1f, (byte) 0x8b, 8, 0}, new byte[] {'P', 'K', 3, 4}, new byte[9])) {
      var source = new DatasetSource("x.csv", data.length, () -> new ByteArrayInputStream(data));
      assertThatThrownBy(() -> profiler.profile(source, null, ProfileWatch.NOBODY))
          .isInstanceOf(PermanentFailureException.class)
          .hasMessageContaining("'x.csv'")
          .satisfies(e -> messages.add(String.valueOf(e.getMessage())));
    }
    assertThat(messages).hasSize(3);
  }

  @Test
  void namesTheOtherFormatWhenTheGivenOneDoesNotFit() {
    assertThatThrownBy(() -> profile("[{\"a\":1}]")).hasMessageContaining("JSON lines");
    assertThatThrownBy(() ->
            profiler.profile(
                DatasetSource.inline("a,b\n1,2\n"), DatasetFormat.jsonl, ProfileWatch.NOBODY))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("format csv");
    byte[] json = "{\"a\":1,\"b\":2}\n{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    var source = new DatasetSource("x", json.length, () -> new ByteArrayInputStream(json));
    assertThatThrownBy(() -> profiler.profile(source, DatasetFormat.csv, ProfileWatch.NOBODY))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageContaining("format jsonl");
  }
}
