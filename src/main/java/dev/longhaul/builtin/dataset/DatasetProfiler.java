package dev.longhaul.builtin.dataset;

import dev.longhaul.tool.PermanentFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a dataset once and profiles its columns, in memory that does not depend on its size. */
public final class DatasetProfiler {
  /** The number of rows between two checks of the watch. */
  static final int ROWS_BETWEEN_CHECKS = 4_096;

  private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final ProfileLimits limits;

  public DatasetProfiler(ProfileLimits limits) {
    this.limits = limits;
  }

  /**
   * Profiles a dataset.
   *
   * @param format its format, or null to guess
   * @throws PermanentFailureException if it contains nothing that can be profiled
   * @throws IOException if it cannot be read
   */
  public DatasetProfile profile(
      DatasetSource source, @Nullable DatasetFormat format, ProfileWatch watch) throws IOException {
    byte[] head = source.head(FormatGuess.HEAD);
    FormatGuess.requireText(source.name(), head);
    boolean marked = head.length >= 3 && Arrays.equals(Arrays.copyOf(head, 3), UTF8_MARK);
    byte[] text = marked ? Arrays.copyOfRange(head, 3, head.length) : head;
    if (isBlank(text) && head.length == source.size()) {
      throw new PermanentFailureException(
          "The data of '"
              + source.name()
              + "' is empty. Give profile_dataset a CSV with a header row, or JSON lines.");
    }
    DatasetFormat chosen = format != null ? format : FormatGuess.format(source.name(), text);
    char delimiter = FormatGuess.delimiter(text);
    var in = new CountingInput(source.open());
    try (in) {
      in.skipNBytes(marked ? 3 : 0);
      Table table = new Table(limits);
      try (RowReader rows = rows(table, new StoppableInput(in, watch), chosen, delimiter)) {
        boolean finished = read(rows, table, in, source, chosen, delimiter, watch);
        requireReadable(table, source, chosen, finished);
        DatasetProfile profile =
            profile(table, in.count(), source, chosen, delimiter, finished && rows.complete());
        if (!finished) {
          watch.stopped(profile);
        }
        return profile;
      }
    }
  }

  private boolean read(
      RowReader rows,
      Table table,
      CountingInput in,
      DatasetSource source,
      DatasetFormat format,
      char delimiter,
      ProfileWatch watch)
      throws IOException {
    int sinceCheck = 0;
    try {
      while (rows.next()) {
        if (++sinceCheck == ROWS_BETWEEN_CHECKS) {
          sinceCheck = 0;
          if (watch.stopRequested()) {
            return false;
          }
          watch.at(
              in.count(),
              source.size(),
              table.rows(),
              () -> profile(table, in.count(), source, format, delimiter, false));
        }
      }
      return true;
    } catch (StoppableInput.StoppedException e) {
      return false;
    }
  }

  private static RowReader rows(Table table, InputStream in, DatasetFormat format, char delimiter) {
    return switch (format) {
      case csv -> new CsvRows(table, in, delimiter);
      case jsonl -> new JsonRows(table, in);
    };
  }

  private static void requireReadable(
      Table table, DatasetSource source, DatasetFormat format, boolean finished) {
    if (table.rows() > 0 || !finished) {
      return;
    }
    if (format == DatasetFormat.jsonl) {
      throw new PermanentFailureException(
          "No line of '"
              + source.name()
              + "' is a JSON object. If it is a CSV, call profile_dataset with format csv.");
    }
    if (table.malformed() > 0) {
      throw new PermanentFailureException(
          "No row of '"
              + source.name()
              + "' has as many fields as its header. If it is JSON lines, call profile_dataset"
              + " with format jsonl; if it is a CSV, its first line must name the columns.");
    }
  }

  private static DatasetProfile profile(
      Table table,
      long bytesRead,
      DatasetSource source,
      DatasetFormat format,
      char delimiter,
      boolean complete) {
    var columns = table.profiles();
    return new DatasetProfile(
        summary(table, columns.size(), source, bytesRead, complete),
        format.name(),
        format == DatasetFormat.csv ? String.valueOf(delimiter) : null,
        complete,
        table.rows(),
        table.malformed(),
        bytesRead,
        source.size(),
        columns,
        table.examples(),
        table.warnings());
  }

  private static String summary(
      Table table, int columns, DatasetSource source, long bytesRead, boolean complete) {
    StringBuilder summary = new StringBuilder();
    summary.append(
        String.format(
            Locale.ROOT,
            "%,d row%s in %d column%s",
            table.rows(),
            table.rows() == 1 ? "" : "s",
            columns,
            columns == 1 ? "" : "s"));
    if (!complete) {
      summary.append(
          String.format(
              Locale.ROOT,
              ", from the first %,d of %,d bytes: reading stopped before the end",
              bytesRead,
              source.size()));
    }
    summary.append('.');
    if (table.malformed() > 0) {
      summary.append(
          String.format(
              Locale.ROOT,
              " %,d malformed row%s left out (see malformed_examples).",
              table.malformed(),
              table.malformed() == 1 ? " was" : "s were"));
    }
    if (!table.warnings().isEmpty()) {
      summary.append(" See warnings.");
    }
    return summary.toString();
  }

  private static boolean isBlank(byte[] text) {
    for (byte b : text) {
      if (b < 0 || b > ' ') {
        return false;
      }
    }
    return true;
  }
}
