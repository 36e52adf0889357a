package dev.longhaul.builtin.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, read up to the limits. The limits apply to the decompressed data, so that
 * a decompression bomb is cut off.
 */
record Body(@Nullable String text, @Nullable Long bytes, boolean truncated, @Nullable String note) {
  private static final int CHUNK = 8_192;

  /** The body has a content encoding that was not requested. */
  static final class UnsupportedEncodingException extends IOException {
    UnsupportedEncodingException(String encoding) {
      super(encoding);
    }
  }

  /**
   * Reads a body.
   *
   * @param budget the remaining bytes for all bodies of the call
   * @param abort aborts the connection; called before closing a body that was not read to its end,
   *     because closing would read the rest
   */
  static Body read(@Nullable HttpEntity entity, int maxBody, AtomicLong budget, Runnable abort)
      throws IOException {
    if (entity == null) {
      return new Body(null, 0L, false, null);
    }
    ContentType type = contentType(entity);
    if (!isText(type)) {
      Long size = entity.getContentLength() < 0 ? null : entity.getContentLength();
      abort.run();
      return new Body(null, size, false, "The body is binary and is not returned.");
    }
    InputStream raw = entity.getContent();
    if (raw == null) {
      return new Body(null, 0L, false, null);
    }
    boolean whole = false;
    try {
      InputStream in = decoded(raw, entity.getContentEncoding());
      byte[] bytes = readUpTo(in, maxBody, budget);
      boolean truncated = (bytes.length == maxBody || budget.get() <= 0) && in.read() >= 0;
      whole = !truncated;
      String note =
          !truncated
              ? null
              : bytes.length == maxBody
                  ? "The body is cut off at the limit of " + maxBody + " bytes."
                  : "The body is cut off: all bodies of this call together reached their limit."
                      + " Fetch fewer URLs at once.";
      return new Body(text(bytes, charset(type), truncated), (long) bytes.length, truncated, note);
    } finally {
      if (!whole) {
        abort.run();
      }
    }
  }

  private static byte[] readUpTo(InputStream in, int maxBody, AtomicLong budget)
      throws IOException {
    byte[] bytes = new byte[CHUNK];
    int used = 0;
    while (used < maxBody) {
      int wanted = Math.min(maxBody - used, CHUNK);
      int granted = Math.clamp(budget.getAndAdd(-wanted), 0, wanted);
      if (granted == 0) {
        break;
      }
      if (used + granted > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(maxBody, Math.max(bytes.length * 2, used + granted)));
      }
      int n = in.readNBytes(bytes, used, granted);
      used += n;
      if (n < wanted) {
        budget.addAndGet((long) granted - n);
        if (n < granted) {
          break;
        }
      }
    }
    return Arrays.copyOf(bytes, used);
  }

  private static InputStream decoded(InputStream in, @Nullable String encoding) throws IOException {
    String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> in;
      case "gzip", "x-gzip" -> new GZIPInputStream(in);
      case "deflate" -> new InflaterInputStream(in);
      default -> throw new UnsupportedEncodingException(name);
    };
  }

  // Leaves out an incomplete character at the end of a truncated body.
  private static String text(byte[] bytes, Charset charset, boolean truncated) {
    CharBuffer out = CharBuffer.allocate(charBound(bytes.length, charset));
    var decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    decoder.decode(ByteBuffer.wrap(bytes), out, !truncated);
    return out.flip().toString();
  }

  private static int charBound(int bytes, Charset charset) {
    return (int) Math.ceil(bytes * (double) charset.newDecoder().maxCharsPerByte()) + 1;
  }

  private static @Nullable ContentType contentType(HttpEntity entity) {
    return ContentType.parseLenient(entity.getContentType());
  }

  private static Charset charset(@Nullable ContentType type) {
    Charset charset = type == null ? null : type.getCharset();
    return charset == null ? StandardCharsets.UTF_8 : charset;
  }

  // A body without a content type is treated as text; simple servers omit it.
  private static boolean isText(@Nullable ContentType type) {
    if (type == null || type.getMimeType() == null) {
      return true;
    }
    String mime = type.getMimeType().toLowerCase(Locale.ROOT);
    return mime.startsWith("text/")
        || mime.endsWith("+json")
        || mime.endsWith("+xml")
        || switch (mime) {
          case "application/json",
              "application/xml",
              "application/javascript",
              "application/ecmascript",
              "application/x-ndjson",
              "application/jsonl",
              "application/yaml",
              "application/x-yaml",
              "application/toml",
              "application/graphql",
              "application/sql",
              "application/x-www-form-urlencoded" ->
              true;
          default -> false;
        };
  }
}
