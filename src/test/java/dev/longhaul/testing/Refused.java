package dev.longhaul.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowingConsumer;

/** What a test expects of an {@link IntakeException}. */
public final class Refused {
  private Refused() {}

  /** That its refusal is of this kind. */
  public static ThrowingConsumer<Throwable> refused(Class<? extends Refusal> kind) {
    return refused(kind, refusal -> {});
  }

  /** That its refusal is of this kind, and as this says. */
  public static <R extends Refusal> ThrowingConsumer<Throwable> refused(
      Class<R> kind, Consumer<R> as) {
    return thrown -> {
      assertThat(thrown).isInstanceOf(IntakeException.class);
      Refusal refusal = ((IntakeException) thrown).refusal();
      assertThat(refusal).isInstanceOf(kind);
      as.accept(kind.cast(refusal));
    };
  }
}
