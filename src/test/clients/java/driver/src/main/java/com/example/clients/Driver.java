package com.example.clients;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every client written in Java is put through; see suite.mjs for what it prints. */
public final class Driver {
  /** How a hand-over says what to call: "call the tool continue_operation with {…}". */
  private static final Pattern NEXT =
      Pattern.compile("call the tool (\\w+) with \\{([^}]*)}", Pattern.CASE_INSENSITIVE);

  private static final Pattern ARGUMENT =
      Pattern.compile("\"(\\w+)\"\\s*:\\s*(?:\"([^\"]*)\"|(-?\\d+)|(true|false))");

  private final Trial.Library library;
  private final String url = System.getenv("URL");
  private final String label = System.getenv("LABEL");

  private Driver(Trial.Library library) {
    this.library = library;
  }

  /** An outcome and what there is to say of it. */
  private record Outcome(String status, String note) {}

  @FunctionalInterface
  private interface Step {
    Outcome attempt(Trial client) throws Exception;
  }

  /**
   * Runs the part and ends the process.
   *
   * @param part "steps" or "crash"
   */
  public static void run(String part, Trial.Library library) throws Exception {
    Driver driver = new Driver(library);
    if (part.equals("crash")) {
      driver.crash();
    } else {
      driver.steps();
    }
    System.exit(0); // some libraries leave threads behind
  }

  private void steps() throws Exception {
    try (Trial client = library.connect(url)) {
      step(client, "list", this::list);
      step(client, "quick", this::quick);
      step(client, "progress", this::progress);
      step(client, "cancel", this::cancel);
      step(client, "question", this::question);
      step(client, "large", this::large);
      step(client, "slow", c -> new Outcome(nap(c, 70, label + "-slow"), ""));
    }
  }

  private static void step(Trial client, String name, Step step) {
    Outcome outcome;
    try {
      outcome = client.unable().contains(name) ? new Outcome("unable", "") : step.attempt(client);
    } catch (Exception e) {
      outcome = new Outcome("failed", reason(e));
    }
    say(name, outcome.status(), outcome.note());
  }

  private Outcome list(Trial client) throws Exception {
    List<String> names = client.list();
    must(names.contains("nap") && names.contains("profile_dataset"), names.toString());
    return new Outcome("ok", names.size() + " tools");
  }

  private Outcome quick(Trial client) throws Exception {
    String text = client.call("echo", Map.of("text", "hello"), () -> {});
    must(text.contains("Echo: hello"), text);
    return new Outcome("ok", "");
  }

  private Outcome progress(Trial client) throws Exception {
    AtomicInteger heard = new AtomicInteger();
    String text =
        client.call(
            "nap", Map.of("seconds", 4, "label", label + "-progress"), heard::incrementAndGet);
    must(text.contains("Slept 4"), text);
    must(heard.get() > 0, "no progress was heard");
    return new Outcome("ok", heard + " reports");
  }

  private Outcome cancel(Trial client) throws Exception {
    Thread caller =
        new Thread(
            () -> {
              try {
                client.call("nap", Map.of("seconds", 40, "label", label + "-cancel"), () -> {});
              } catch (Exception e) {
                System.err.println("the cancelled call: " + reason(e));
              }
            });
    caller.setDaemon(true);
    caller.start();
    Thread.sleep(3000);
    caller.interrupt();
    // A client of 2026-07-28 that left may come back; only then is the work stopped.
    Thread.sleep(24_000);
    return new Outcome("ok", "");
  }

  private Outcome question(Trial client) throws Exception {
    String text = client.call("ask_color", Map.of("label", label), () -> {});
    must(text.contains("blue"), text);
    return new Outcome("ok", "");
  }

  private Outcome large(Trial client) throws Exception {
    String text = client.call("large", Map.of("kilobytes", 2048), () -> {});
    must(text.contains("0123456789abcdef"), text);
    return new Outcome("ok", text.length() + " characters");
  }

  /** A long call; what a model does with an operation that was handed over. */
  private static String nap(Trial client, int seconds, String label) throws Exception {
    String text = client.call("nap", Map.of("seconds", seconds, "label", label), () -> {});
    boolean handedOver = false;
    for (int i = 0; i < 40; i++) {
      Matcher next = NEXT.matcher(text.replace("\\\"", "\"")); // some give JSON
      if (!next.find()) {
        break;
      }
      handedOver = true;
      text = client.call(next.group(1), arguments(next.group(2)), () -> {});
    }
    must(text.contains("Slept " + seconds), text);
    return handedOver ? "handed-over" : "ok";
  }

  private static Map<String, Object> arguments(String json) {
    Map<String, Object> arguments = new HashMap<>();
    Matcher argument = ARGUMENT.matcher(json);
    while (argument.find()) {
      Object value =
          argument.group(2) != null
              ? argument.group(2)
              : argument.group(3) != null
                  ? Integer.valueOf(argument.group(3))
                  : Boolean.valueOf(argument.group(4));
      arguments.put(argument.group(1), value);
    }
    return arguments;
  }

  private void crash() throws Exception {
    Trial client = library.connect(url);
    var _ = client.list();
    System.out.println("READY");
    new BufferedReader(new InputStreamReader(System.in)).readLine();
    try {
      say("crash", nap(client, 20, label), "");
      say("repeat", "ok", "not needed");
      return;
    } catch (Exception e) {
      say("crash", "failed", reason(e));
    }
    Exception last = null;
    for (int i = 1; i <= 40; i++) {
      try {
        if (client == null) {
          client = library.connect(url);
        }
        say("repeat", nap(client, 20, label), "at try " + i);
        return;
      } catch (Exception e) {
        last = e;
        close(client);
        client = null;
        Thread.sleep(3000);
      }
    }
    say("repeat", "failed", reason(last));
  }

  private static void close(Trial client) {
    if (client != null) {
      try {
        client.close();
      } catch (Exception e) {
        System.err.println("closing: " + reason(e));
      }
    }
  }

  private static void must(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what.substring(0, Math.min(300, what.length())));
    }
  }

  private static String reason(Throwable error) {
    List<String> causes = new ArrayList<>();
    for (Throwable e = error; e != null && causes.size() < 5; e = e.getCause()) {
      causes.add(e.toString());
    }
    return String.join("; because of ", causes);
  }

  private static synchronized void say(String step, String status, String note) {
    System.out.printf(
        "{\"step\":\"%s\",\"status\":\"%s\",\"note\":\"%s\"}%n",
        step,
        status,
        note.substring(0, Math.min(400, note.length()))
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replaceAll("[\\x00-\\x1f]", " "));
  }
}
