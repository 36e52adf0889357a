package dev.longhaul.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The position of a job in a batch or chain.
 *
 * @param flow the batch or chain
 * @param index the index of the child, counted from 0; negative for callbacks
 */
public record FlowRef(JobId flow, int index) {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  // Time and shard; the rest cannot be guessed.
  private static final int SHARED_CHARS = 12;
  private static final int CHARS_OF_ID = 38;

  public FlowRef {
    if (index < FlowCallback.FINALLY.index(FlowCallback.MOST - 1)) {
      throw new IllegalArgumentException("no such place in a batch or chain: " + index);
    }
  }

  /** The position of the first callback of a kind. */
  public static FlowRef of(JobId flow, FlowCallback callback) {
    return of(flow, callback, 0);
  }

  /**
   * The position of a callback.
   *
   * @param number its number among those of the kind, counted from 0
   */
  public static FlowRef of(JobId flow, FlowCallback callback, int number) {
    return new FlowRef(flow, callback.index(number));
  }

  /**
   * The id of the job at this position. It is derived from flow and index, so that a call repeated
   * after a crash finds the stored job, and cannot be guessed without knowing the flow.
   */
  public JobId job() {
    // The same as childId in flow.lua: SHA-1 is what Redis scripts have.
    byte[] digest = sha1(flow.value() + ":" + index);
    StringBuilder id = new StringBuilder(flow.value().substring(0, SHARED_CHARS));
    for (int bit = 0; id.length() < CHARS_OF_ID; bit += 5) {
      int pair = (digest[bit / 8] & 0xff) << 8 | (digest[bit / 8 + 1] & 0xff);
      id.append(ALPHABET.charAt(pair >> (11 - bit % 8) & 31));
    }
    return new JobId(id.toString());
  }

  /** The kind of the callback; empty for a child. */
  public Optional<FlowCallback> callback() {
    int kinds = FlowCallback.values().length;
    return Arrays.stream(FlowCallback.values())
        .filter(one -> index < 0 && (one.index() - index) % kinds == 0)
        .findFirst();
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
