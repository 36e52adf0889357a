package dev.longhaul.queue.redis;

import java.nio.charset.StandardCharsets;

/**
 * An answer as it is stored: compressed if it is large.
 *
 * @param length how many bytes it has when it is not compressed; 0 if it is not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AnswerPayload(byte[] stored, int length) {

  static AnswerPayload of(String json, long compressFrom) {
    byte[] plain = json.getBytes(StandardCharsets.UTF_8);
    return plain.length < compressFrom
        ? new AnswerPayload(plain, 0)
        : new AnswerPayload(LargeResults.compressed(plain), plain.length);
  }

  String json() {
    byte[] plain = length == 0 ? stored : LargeResults.decompressed(stored, length);
    return new String(plain, StandardCharsets.UTF_8);
  }
}
