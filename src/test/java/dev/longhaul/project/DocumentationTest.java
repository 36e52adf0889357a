package dev.longhaul.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between documents are valid, every document is linked, and README.md is short. */
class DocumentationTest {
  private static final int README_BYTES = 12 * 1024;
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.size(Path.of("README.md")))
        .as("bytes; what only some readers need goes to docs/")
        .isLessThan(README_BYTES);
  }

  @Test
  void everyDocumentIsOnSomeReadersPath() throws IOException {
    String paths = Files.readString(Path.of("docs/README.md"));
    try (Stream<Path> documents = Files.list(Path.of("docs"))) {
      assertThat(
              documents
                  .map(document -> document.getFileName().toString())
                  .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
          .as("docs/README.md has to lead to each")
          .allMatch(name -> paths.contains("](" + name + ")"));
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher links = LINK.matcher(prose(document));
      while (links.find()) {
        String link = links.group(1);
        if (!link.contains("://") && !link.startsWith("mailto:") && !leads(document, link)) {
          broken.add(document + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leads(Path document, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    return Files.exists(target)
        && (hash < 0 || headings(target).contains(link.substring(hash + 1)));
  }

  /** The anchors of headings, as repository pages generate them. */
  private static Set<String> headings(Path document) throws IOException {
    return prose(document)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line ->
            line.replaceFirst("^#+ +", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** The text without code blocks; code in headings stays. */
  private static String prose(Path document) throws IOException {
    StringBuilder prose = new StringBuilder();
    boolean code = false;
    for (String line : Files.readAllLines(document)) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (!code) {
        prose.append(line.startsWith("#") ? line : CODE.matcher(line).replaceAll("")).append('\n');
      }
    }
    return prose.toString();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> below = Files.walk(Path.of("docs"))) {
      return Stream.concat(top, below)
          .filter(path -> path.toString().endsWith(".md"))
          .filter(path -> !path.endsWith("0000-template.md"))
          .sorted()
          .toList();
    }
  }
}
