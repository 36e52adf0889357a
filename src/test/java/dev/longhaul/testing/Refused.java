package dev.longhaul.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowingConsumer;

/** Conditions on an {@link IntakeException} that a test expects. */
public final class Refused {
  private Refused() {}

  /** Its refusal has this type. */
  public static ThrowingConsumer<Throwable> refused(Class<? extends Refusal> kind) {
    return refused(kind, refusal -> {});
  }

  /** Its refusal has this type and passes this check. */
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
