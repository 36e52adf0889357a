package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arguments of a command: words, and options such as {@code --json}, {@code --tool NAME} or
 * {@code --tool=NAME}.
 */
public final class Arguments {
  private final List<String> words;
  private final Map<String, String> values;
  private final Set<String> given;

  private Arguments(List<String> words, Map<String, String> values, Set<String> given) {
    this.words = List.copyOf(words);
    this.values = Map.copyOf(values);
    this.given = Set.copyOf(given);
  }

  /**
   * Reads a command line.
   *
   * @param flags the options without a value, with their dashes
   * @param valued the options with a value, with their dashes
   * @throws UsageException for an option that is in neither, is given twice, or lacks its value
   */
  public static Arguments parse(List<String> line, Set<String> flags, Set<String> valued) {
    List<String> words = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> given = new TreeSet<>();
    for (int at = 0; at < line.size(); at++) {
      String argument = line.get(at);
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!given.add(name)) {
        throw new UsageException(name + " is given twice.");
      }
      if (valued.contains(name)) {
        boolean last = equals < 0 && ++at == line.size();
        if (last) {
          throw new UsageException(name + " needs a value.");
        }
        values.put(name, equals < 0 ? line.get(at) : argument.substring(equals + 1));
      } else if (!flags.contains(name)) {
        throw new UsageException("There is no option " + name + ".");
      } else if (equals >= 0) {
        throw new UsageException(name + " takes no value.");
      }
    }
    return new Arguments(words, values, given);
  }

  /** What is not an option, in its order. */
  public List<String> words() {
    return words;
  }

  /** Whether the option is given. */
  public boolean has(String option) {
    return given.contains(option);
  }

  /** The value of an option. */
  public Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /**
   * The value of an option that is a whole number.
   *
   * @throws UsageException when it is not, or is not from {@code least} to {@code most}
   */
  public int number(String option, int otherwise, int least, int most) {
    String text = values.get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw new UsageException(
        option + " must be a whole number from " + least + " to " + most + ", not " + text + ".");
  }
}
