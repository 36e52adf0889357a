package dev.longhaul.redis;

import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Texts in UTF-8. Lettuce's own codec encodes each argument of a command into a buffer of its own
 * before it copies it, because it does not know its length; a script has hundreds of short ones.
 */
final class Utf8Codec implements RedisCodec<String, String> {
  static final Utf8Codec INSTANCE = new Utf8Codec();

  private Utf8Codec() {}

  @Override
  public String decodeKey(ByteBuffer bytes) {
    return decoded(bytes);
  }

  @Override
  public String decodeValue(ByteBuffer bytes) {
    return decoded(bytes);
  }

  @Override
  public ByteBuffer encodeKey(String key) {
    return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ByteBuffer encodeValue(String value) {
    return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(ByteBuffer bytes) {
    byte[] all = new byte[bytes.remaining()];
    bytes.get(all);
    return new String(all, StandardCharsets.UTF_8);
  }
}
