package dev.longhaul.catalog;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** There is no token in the name of a caller; the message is for the caller. */
public final class DelegationRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean temporary;

  /**
   * @param temporary whether the same call may succeed later
   */
  public DelegationRefusedException(String message, boolean temporary, @Nullable Throwable cause) {
    super(message, cause);
    this.temporary = temporary;
  }

  /** Whether the same call may succeed later. */
  public boolean temporary() {
    return temporary;
  }
}
