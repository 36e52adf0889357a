package dev.longhaul.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes and asks.
 *
 * @param out for what was asked for, so that it can be piped
 * @param err for progress, questions and errors
 * @param question asks a person and returns the line that they typed; null without a terminal
 */
public record Terminal(PrintStream out, PrintStream err, @Nullable UnaryOperator<String> question) {

  /** The standard streams of this process. */
  public static Terminal standard() {
    // JDK 25 has none where a stream is no terminal; 22 to 24 had one everywhere.
    boolean person = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal(System.out, System.err, person ? Terminal::ask : null);
  }

  /** Whether a person is there, who sees progress in place and can answer. */
  public boolean interactive() {
    return question != null;
  }

  /**
   * Asks for a yes.
   *
   * @return whether the answer was y or yes; false without a terminal
   */
  public boolean confirm(String text) {
    UnaryOperator<String> asked = question;
    if (asked == null) {
      return false;
    }
    String answer = asked.apply(text + " [y/N] ").strip();
    return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
  }

  private static String ask(String text) {
    System.err.print(text);
    System.err.flush();
    return Optional.ofNullable(System.console()).map(Console::readLine).orElse("");
  }
}
