package dev.longhaul.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of README.md that a test runs. They are marked by comments, which readers do not see:
 *
 * <ul>
 *   <li>{@code <!-- test -->} the code block that follows is run exactly as it stands there
 *   <li>{@code <!-- expect: … -->} the output of the block before contains this
 *   <li>{@code <!-- server: start -->}, {@code <!-- server: stop -->} instead of the block that
 *       follows, the test starts or stops the packaged application
 * </ul>
 */
record Readme(List<Step> steps) {

  sealed interface Step {}

  record StartServer() implements Step {}

  record StopServer() implements Step {}

  /**
   * A code block.
   *
   * @param line the number of its first line
   * @param expected the texts that its output must contain
   */
  record Commands(int line, String text, List<String> expected) implements Step {}

  static Readme read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.equals("<!-- server: start -->")) {
        steps.add(new StartServer());
      } else if (line.equals("<!-- server: stop -->")) {
        steps.add(new StopServer());
      } else if (line.equals("<!-- test -->")) {
        if (!lines.get(i + 1).equals("```bash")) {
          throw new IllegalStateException("README line " + (i + 2) + " should start a bash block");
        }
        int end = i + 2;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        String text = String.join("\n", lines.subList(i + 2, end));
        steps.add(new Commands(i + 2, text, new ArrayList<>()));
        i = end;
      } else if (line.startsWith("<!-- expect: ")) {
        ((Commands) steps.getLast()).expected().add(expectation(line));
      }
    }
    return new Readme(steps);
  }

  private static String expectation(String line) {
    return line.substring("<!-- expect: ".length(), line.length() - " -->".length());
  }
}
