package dev.longhaul.intake;

import org.jspecify.annotations.Nullable;

/** A request was not served; the {@link #refusal()} says why. */
public final class IntakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Refusal refusal;

  public IntakeException(Refusal refusal) {
    this(refusal, null);
  }

  public IntakeException(Refusal refusal, @Nullable Throwable cause) {
    super(refusal.message(), cause);
    this.refusal = refusal;
  }

  /** Why the request was not served. */
  public Refusal refusal() {
    return refusal;
  }

  /**
   * Returns the refusal if it is of this kind.
   *
   * @throws IntakeException this one, if it is of another kind
   */
  public <R extends Refusal> R as(Class<R> kind) {
    unless(kind);
    return kind.cast(refusal);
  }

  /**
   * Returns if the refusal is of one of these kinds.
   *
   * @throws IntakeException this one, if it is of another kind
   */
  @SafeVarargs
  public final void unless(Class<? extends Refusal>... kinds) {
    for (Class<? extends Refusal> kind : kinds) {
      if (kind.isInstance(refusal)) {
        return;
      }
    }
    throw this;
  }
}
