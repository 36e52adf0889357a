package dev.longhaul.builtin.dataset;

import dev.longhaul.tool.PermanentFailureException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses the format of a file from its name and first bytes, and refuses what cannot be read. */
final class FormatGuess {
  static final int HEAD = 1 << 16;
  private static final String DELIMITERS = ",;\t|";

  private FormatGuess() {}

  /** Refuses data that is not text in UTF-8. */
  static void requireText(String name, byte[] head) {
    String binary = binaryKind(head);
    if (binary != null) {
      throw new PermanentFailureException(
          "The data of '"
              + name
              + "' is "
              + binary
              + ", not text. Give profile_dataset a CSV or JSON-lines file in UTF-8.");
    }
  }

  private static @Nullable String binaryKind(byte[] head) {
    if (startsWith(head, 0x1f, 0x8b)) {
      return "compressed with gzip";
    }
    if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return "compressed with zstd";
    }
    if (startsWith(head, 'P', 'K', 3, 4)) {
      return "a zip archive (or an office document)";
    }
    if (startsWith(head, 'P', 'A', 'R', '1')) {
      return "a Parquet file";
    }
    if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
      return "text in UTF-16";
    }
    for (byte b : head) {
      if (b == 0) {
        return "binary";
      }
    }
    return null;
  }

  private static boolean startsWith(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (head.length <= i || (head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** The format, by the extension of the name if it is known, else by the first character. */
  static DatasetFormat format(String name, byte[] head) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".csv") || lower.endsWith(".tsv")) {
      return DatasetFormat.csv;
    }
    if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
      return DatasetFormat.jsonl;
    }
    String text = new String(head, StandardCharsets.UTF_8).stripLeading();
    if (text.startsWith("[") && (lower.endsWith(".json") || text.contains("{"))) {
      throw new PermanentFailureException(
          "The data of '"
              + name
              + "' is one JSON array. Give profile_dataset JSON lines instead: each object on a"
              + " line of its own, without brackets and commas between them.");
    }
    return text.startsWith("{") ? DatasetFormat.jsonl : DatasetFormat.csv;
  }

  /** The delimiter of a CSV: the most frequent candidate in its first line, outside quotes. */
  static char delimiter(byte[] head) {
    int[] counts = new int[DELIMITERS.length()];
    boolean quoted = false;
    for (byte b : head) {
      if (b == '"') {
        quoted = !quoted;
      } else if (b == '\n' && !quoted) {
        break;
      } else if (!quoted && DELIMITERS.indexOf(b) >= 0) {
        counts[DELIMITERS.indexOf(b)]++;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[best]) {
        best = i;
      }
    }
    return DELIMITERS.charAt(best);
  }
}
