package dev.longhaul.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Limits the work of checking one value, because references and backtracking patterns can take
 * exponential time. It counts steps and not time, so that the result does not depend on the load.
 */
final class ValidationBudget extends ExecutionContext {
  /**
   * Keywords evaluated; the largest accepted body, if it has only small numbers, needs 15 million.
   */
  private static final int MAX_STEPS = 30_000_000;

  /**
   * Errors, including those of alternatives (anyOf) that are dropped later; each costs about a
   * microsecond.
   */
  private static final int MAX_ERRORS = 1_000_000;

  /** Characters read by patterns: three times the largest body, which takes less than a second. */
  private static final int MAX_CHARACTERS = 30_000_000;

  private static final ScopedValue<ValidationBudget> CURRENT = ScopedValue.newInstance();

  // The errors of the whole value; while alternatives are tried, errors go into other lists.
  private final List<Error> found = new ArrayList<>();
  private int steps;
  private int errors;
  private int characters;

  /** Thrown when the budget is spent. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException(String what) {
      super(what, null, false, false);
    }
  }

  /** Thrown when there are so many violations that further ones would not be reported. */
  static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("enough violations are known", null, false, false);
    }
  }

  ValidationBudget() {
    setErrors(found);
  }

  /** The errors so far. */
  List<Error> found() {
    return found;
  }

  /** The number of errors created. */
  int errors() {
    return errors;
  }

  /** Runs a check that uses this budget. */
  void spend(Runnable check) {
    ScopedValue.where(CURRENT, this).run(check);
  }

  @Override
  public void evaluationPathAddLast(String token) {
    super.evaluationPathAddLast(token); // first, because the caller removes the token in any case
    if (++steps > MAX_STEPS) {
      throw new SpentException("it takes too many steps");
    }
    keepFew();
  }

  @Override
  public void addError(Error error) {
    if (++errors > MAX_ERRORS) {
      throw new SpentException("it breaks the schema in too many places");
    }
    super.addError(error);
    keepFew();
  }

  // Called at every step and not only in addError, because validators also add whole lists.
  @SuppressWarnings("ReferenceEquality") // the identity of the list matters, not its content
  private void keepFew() {
    List<Error> current = getErrors();
    int size = current.size();
    if (size < Violations.MOST) {
      return;
    }
    if (current == found) {
      throw new EnoughException();
    }
    // An alternative with any error is broken; the number does not matter.
    current.subList(Violations.MOST, size).clear();
  }

  /** A pattern that counts the characters it reads in the budget of the current check. */
  static RegularExpression pattern(String expression) {
    Pattern pattern =
        Pattern.compile(
            RegularExpressions.replaceDollarAnchors(
                RegularExpressions.replaceLongformCharacterProperties(expression)));
    return value -> {
      CharSequence text = CURRENT.isBound() ? new Counted(value, CURRENT.get()) : value;
      return pattern.matcher(text).find();
    };
  }

  /** A text that counts the reads of a matcher. */
  private record Counted(String text, ValidationBudget budget) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (++budget.characters > MAX_CHARACTERS) {
        throw new SpentException("a pattern takes too long on a text");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
