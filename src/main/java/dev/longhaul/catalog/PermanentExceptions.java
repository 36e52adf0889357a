package dev.longhaul.catalog;

import java.util.List;

/**
 * The exceptions after which a tool is not retried, because the same arguments would cause them
 * again.
 *
 * @param types these classes, with their subclasses
 */
public record PermanentExceptions(List<Class<? extends Throwable>> types) {
  /** {@link IllegalArgumentException}. */
  public static final PermanentExceptions DEFAULT =
      new PermanentExceptions(List.of(IllegalArgumentException.class));

  public PermanentExceptions {
    types = List.copyOf(types);
  }

  /**
   * Loads the classes.
   *
   * @param names full names of classes, such as {@code java.lang.IllegalArgumentException}
   * @throws IllegalArgumentException if a name is not that of a throwable class on the class path
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
