package dev.longhaul.secret;

import org.jspecify.annotations.Nullable;

/** A stored value cannot be decrypted. The message contains neither the value nor a key. */
public final class SealedException extends RuntimeException {
  SealedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
