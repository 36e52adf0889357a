package dev.longhaul.catalog;

import java.util.List;

/**
 * The exceptions after which a tool is not tried again, because the same arguments would meet them
 * again.
 *
 * @param types these classes and all that extend them
 */
public record PermanentExceptions(List<Class<? extends Throwable>> types) {
  /** What Java throws at arguments that a method cannot take. */
  public static final PermanentExceptions DEFAULT =
      new PermanentExceptions(List.of(IllegalArgumentException.class));

  public PermanentExceptions {
    types = List.copyOf(types);
  }

  /**
   * The exceptions that are named.
   *
   * @param names full names of classes, such as {@code java.lang.IllegalArgumentException}
   * @throws IllegalArgumentException if one names no class that can be thrown; its message says so
   */
  static PermanentExceptions named(List<String> names) {
    return new PermanentExceptions(
        names.stream().<Class<? extends Throwable>>map(PermanentExceptions::type).toList());
  }

  boolean contain(Throwable thrown) {
    return types.stream().anyMatch(type -> type.isInstance(thrown));
  }

  private static Class<? extends Throwable> type(String name) {
    ClassLoader mine = PermanentExceptions.class.getClassLoader();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    try {
      return Class.forName(name.strip(), false, context == null ? mine : context)
          .asSubclass(Throwable.class);
    } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
      throw new IllegalArgumentException(
          "use full names of exceptions that are on the class path, such as"
              + " java.lang.IllegalArgumentException",
          e);
    }
  }
}
