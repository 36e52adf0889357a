package dev.longhaul.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.core.env.StandardEnvironment;

/** A terminal that keeps what a command writes. */
public final class TestTerminal {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal;

  private TestTerminal(@Nullable UnaryOperator<String> question) {
    terminal = new Terminal(print(out), print(err), question);
  }

  /** Standard streams that are piped, as in a script. */
  public static TestTerminal piped() {
    return new TestTerminal(null);
  }

  /** A person who gives this answer to each question. */
  public static TestTerminal answering(String answer) {
    return new TestTerminal(_ -> answer);
  }

  /** Runs one command of these as the jar would. */
  public int run(Commands commands, String... arguments) {
    try {
      return commands.run(arguments, terminal);
    } finally {
      logAgain();
    }
  }

  // A command has its process for itself and switches logging off in it; the other tests in this
  // one have to see it.
  private static void logAgain() {
    System.clearProperty(LoggingSystemProperty.CONSOLE_THRESHOLD.getEnvironmentVariableName());
    System.clearProperty(LoggingSystemProperty.FILE_THRESHOLD.getEnvironmentVariableName());
    LoggingSystem logging = LoggingSystem.get(TestTerminal.class.getClassLoader());
    logging.cleanUp();
    logging.beforeInitialize();
    logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream print(ByteArrayOutputStream kept) {
    return new PrintStream(kept, true, StandardCharsets.UTF_8);
  }
}
