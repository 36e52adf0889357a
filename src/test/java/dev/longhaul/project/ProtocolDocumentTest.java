package dev.longhaul.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/protocol.md lists, for each requirement of the protocol, the tests and the scenarios of the
 * public suite that prove it. A test proves a line if its name begins with the line's number:
 * {@code d3_…}, or {@code a2_a3_…} for two.
 *
 * <p>{@code -Dlonghaul.protocol.write=true} writes the document.
 */
class ProtocolDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/protocol.md");
  private static final Path LINES = Path.of("src/test/resources/protocol/checklist.tsv");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern TEST = Pattern.compile("void ((?:[a-r][0-9]{1,2}_)+)(\\w+)\\(");

  /** A requirement; a line without a number is the title of a section. */
  private record Duty(String id, String words, String scenarios) {
    boolean isTitle() {
      return id.length() == 1;
    }
  }

  @Test
  void theDocumentShowsTheTestsThereAre() throws IOException {
    String document = document(duties(), proofs());
    if (Boolean.getBoolean("longhaul.protocol.write")) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "")
        .as("docs/protocol.md is stale: run this test with -Dlonghaul.protocol.write=true")
        .isEqualTo(document);
  }

  @Test
  void noTestNamesALineThatIsNotThere() throws IOException {
    assertThat(proofs().keySet())
        .isSubsetOf(duties().stream().map(Duty::id).filter(id -> id.length() > 1).toList());
  }

  private static String document(List<Duty> duties, Map<String, SortedSet<String>> proofs) {
    StringBuilder out = new StringBuilder();
    long proven = duties.stream().filter(d -> !d.isTitle() && isProven(d, proofs)).count();
    long all = duties.stream().filter(d -> !d.isTitle()).count();
    out.append("# The protocol, line by line\n\n")
        .append(
            "What MCP asks of a server, and what shows that Longhaul does it: its own tests, named"
                + " after\n")
        .append(
            "the line, and scenarios of the public conformance suite (`make conformance`). Written"
                + " by\n")
        .append("`ProtocolDocumentTest`, which fails when it is stale. stdio is not served.\n\n")
        .append(proven)
        .append(" of ")
        .append(all)
        .append(" lines are proven.\n");
    for (Duty duty : duties) {
      if (duty.isTitle()) {
        out.append("\n## ").append(duty.id()).append(". ").append(duty.words());
        out.append("\n| line | duty | tests | scenarios |\n| --- | --- | --- | --- |\n");
      } else {
        var tests = proofs.getOrDefault(duty.id(), new TreeSet<>());
        out.append(
            "| %s | %s | %s | %s |\n"
                .formatted(
                    duty.id(),
                    duty.words(),
                    isProven(duty, proofs) ? String.join("<br>", tests) : "*not yet*",
                    duty.scenarios()));
      }
    }
    return out.toString();
  }

  private static boolean isProven(Duty duty, Map<String, SortedSet<String>> proofs) {
    return proofs.containsKey(duty.id()) || !duty.scenarios().isEmpty();
  }

  private static List<Duty> duties() throws IOException {
    List<Duty> duties = new ArrayList<>();
    for (String line : Files.readAllLines(LINES)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\t", -1);
        duties.add(new Duty(cells[0], cells[1], cells.length > 2 ? cells[2] : ""));
      }
    }
    return duties;
  }

  /** The tests of each line, as {@code Class.method}. */
  private static Map<String, SortedSet<String>> proofs() throws IOException {
    Map<String, SortedSet<String>> proofs = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(TESTS)) {
      files = walk.filter(file -> file.toString().endsWith("Test.java")).toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".java", "");
      Matcher tests = TEST.matcher(Files.readString(file));
      while (tests.find()) {
        for (String id : tests.group(1).toUpperCase(Locale.ROOT).split("_", -1)) {
          if (!id.isEmpty()) {
            proofs
                .computeIfAbsent(id, _ -> new TreeSet<>())
                .add("`" + name + "." + tests.group(2) + "`");
          }
        }
      }
    }
    return proofs;
  }
}
