package dev.longhaul.gateway;

import java.io.Serial;

/** There is no upstream of that name. */
public final class UnknownUpstreamException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  UnknownUpstreamException(String name) {
    super(
        "There is no upstream named '"
            + (name.length() > 100 ? name.substring(0, 100) : name)
            + "'.");
  }
}
