package dev.longhaul.catalog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A condition on the arguments of a call: a JSON Pointer, then {@code exists}, {@code absent},
 * {@code = VALUE} or {@code != VALUE}, such as {@code /year != 2026}. The value is JSON, or else a
 * string. Null counts as absent, and an absent value differs from every value.
 *
 * @param at the pointer to the argument
 * @param test the comparison
 * @param value the value to compare with; null for exists and absent
 */
public record CacheCondition(JsonPointer at, Test test, @Nullable JsonNode value) {
  /** The longest condition in characters. */
  public static final int MAX_LENGTH = 500;

  private static final Pattern SHAPE =
      Pattern.compile("(\\S*)\\s+(?:(exists|absent)|(!?=)\\s*(.+))");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The comparison. */
  public enum Test {
    EXISTS,
    ABSENT,
    EQUALS,
    DIFFERS
  }

  /**
   * Parses a condition.
   *
   * @throws IllegalArgumentException if it is invalid; the message says what is allowed
   */
  public static CacheCondition of(String text) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      throw wrong();
    }
    JsonPointer at;
    try {
      at = JsonPointer.compile(matcher.group(1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(wrong().getMessage(), e);
    }
    if (matcher.group(2) != null) {
      return new CacheCondition(
          at, matcher.group(2).equals("exists") ? Test.EXISTS : Test.ABSENT, null);
    }
    return new CacheCondition(
        at, matcher.group(3).equals("=") ? Test.EQUALS : Test.DIFFERS, value(matcher.group(4)));
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "use a JSON Pointer and then exists, absent, = VALUE or != VALUE, such as /year != 2026");
  }

  private static JsonNode value(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.stringNode(text);
    }
  }

  /** Whether it holds for these arguments. */
  public boolean holds(ObjectNode arguments) {
    JsonNode found = arguments.at(at);
    boolean there = !found.isMissingNode() && !found.isNull();
    return switch (test) {
      case EXISTS -> there;
      case ABSENT -> !there;
      case EQUALS -> there && same(found);
      case DIFFERS -> !there || !same(found);
    };
  }

  private boolean same(JsonNode found) {
    if (value != null && value.isNumber() && found.isNumber()) {
      return Double.compare(value.doubleValue(), found.doubleValue()) == 0
          && (!Double.isFinite(found.doubleValue())
              || value.decimalValue().compareTo(found.decimalValue()) == 0);
    }
    return found.equals(value);
  }
}
