package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonPointer;

/**
 * A text with references to the results of other steps, such as {@code "found {{previous#/count}}
 * rows"}. Four opening braces stand for two literal ones.
 *
 * @param parts its parts in order
 */
public record Template(List<Part> parts) {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final String STEPS = "steps.";
  private static final int MAX_STEP_DIGITS = 6;

  public Template {
    parts = List.copyOf(parts);
  }

  /** One part of a text. */
  public sealed interface Part {}

  /** Literal text. */
  public record Text(String text) implements Part {}

  /**
   * A reference to a value.
   *
   * @param pointer the part of the value
   * @param text the reference as written, truncated for messages
   */
  public record Reference(Source source, JsonPointer pointer, String text) implements Part {}

  /** The source of a value. */
  public sealed interface Source {}

  /** The step before. */
  public record Previous() implements Source {}

  /**
   * A step of the chain.
   *
   * @param number counted from 1
   */
  public record Step(int number) implements Source {}

  /** The state of the batch or chain that a callback belongs to. */
  public record OfFlow() implements Source {}

  /** Whether the text contains references or escaped braces. */
  public static boolean isIn(String text) {
    return text.contains(OPEN);
  }

  /**
   * Parses a text.
   *
   * @throws TemplateException if a reference is invalid
   */
  public static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf(OPEN, at);
      if (open < 0) {
        break;
      }
      plain.append(text, at, open);
      if (text.startsWith(OPEN, open + 2)) {
        plain.append(OPEN);
        at = open + 4;
        continue;
      }
      int close = text.indexOf(CLOSE, open);
      if (close < 0) {
        throw new TemplateException(
            "\"{{\" is not closed with \"}}\"; write \"{{{{\" for two literal braces");
      }
      if (!plain.isEmpty()) {
        parts.add(new Text(plain.toString()));
        plain.setLength(0);
      }
      parts.add(reference(text.substring(open + 2, close).strip()));
      at = close + 2;
    }
    plain.append(text, at, text.length());
    if (!plain.isEmpty() || parts.isEmpty()) {
      parts.add(new Text(plain.toString()));
    }
    return new Template(parts);
  }

  private static Reference reference(String inside) {
    int hash = inside.indexOf('#');
    String name = hash < 0 ? inside : inside.substring(0, hash);
    String pointer = hash < 0 ? "" : inside.substring(hash + 1);
    String text = TemplateException.shown(OPEN + inside + CLOSE);
    if (!isPointer(pointer)) {
      throw new TemplateException(
          text
              + " has no JSON Pointer (RFC 6901) behind its #; one begins with / and writes ~ as ~0"
              + " and / as ~1, such as {{previous#/items/0}}");
    }
    return new Reference(source(name, text), JsonPointer.compile(pointer), text);
  }

  // RFC 6901: empty or begins with a slash, and a tilde is followed by 0 or 1. Read character by
  // character, because java.util.regex uses a stack frame for each pass of a repeated group.
  private static boolean isPointer(String text) {
    if (!text.isEmpty() && text.charAt(0) != '/') {
      return false;
    }
    for (int at = text.indexOf('~'); at >= 0; at = text.indexOf('~', at + 1)) {
      char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      if (next != '0' && next != '1') {
        return false;
      }
    }
    return true;
  }

  /** The number in {@code steps.N}, or -1 if the name does not have that form. */
  private static int stepNumber(String name) {
    int digits = name.length() - STEPS.length();
    if (!name.startsWith(STEPS) || digits < 1 || digits > MAX_STEP_DIGITS) {
      return -1;
    }
    int number = 0;
    for (int at = STEPS.length(); at < name.length(); at++) {
      char digit = name.charAt(at);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  private static Source source(String name, String text) {
    return switch (name) {
      case "RESULT_FROM_PREVIOUS", "previous" -> new Previous();
      case "flow" -> new OfFlow();
      default -> {
        int number = stepNumber(name);
        if (number < 0) {
          throw new TemplateException(
              text
                  + " is unknown; use {{RESULT_FROM_PREVIOUS}}, {{previous#/pointer}},"
                  + " {{steps.N#/pointer}} or, in a callback, {{flow#/pointer}}, and \"{{{{\" for"
                  + " two literal braces");
        }
        if (number == 0) {
          throw new TemplateException(text + ": steps are counted from 1");
        }
        yield new Step(number);
      }
    };
  }
}
