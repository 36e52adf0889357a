package dev.longhaul.gateway.rpc;

/**
 * What an upstream may send.
 *
 * @param messageBytes how long a message may be
 * @param serverRequests how many of its requests may be unanswered at once
 */
public record WireLimits(int messageBytes, int serverRequests) {
  /** 32 MiB, 64 requests. */
  public static final WireLimits DEFAULT = new WireLimits(32 << 20, 64);

  public WireLimits {
    if (messageBytes < 1 || serverRequests < 0) {
      throw new IllegalArgumentException(
          "messageBytes is "
              + messageBytes
              + " and serverRequests "
              + serverRequests
              + "; give at least 1 and 0.");
    }
  }
}
