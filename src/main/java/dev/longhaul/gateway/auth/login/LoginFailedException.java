package dev.longhaul.gateway.auth.login;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Nobody could be logged in. The message says why and what to do, without secrets. */
public class LoginFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  LoginFailedException(String message) {
    this(message, null);
  }

  LoginFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
