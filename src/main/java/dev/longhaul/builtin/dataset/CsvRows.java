package dev.longhaul.builtin.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import dev.longhaul.tool.PermanentFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a CSV. The first row names the columns, and all others must have the same
 * number of fields.
 */
final class CsvRows implements RowReader {
  private final Table table;
  private final CsvReader<Boolean> reader;
  private final Iterator<Boolean> records;
  private boolean complete = true;

  // FastCSV will no longer accept characters after a closing quote in its next major version. Until
  // then such a row must not end the profile.
  @SuppressWarnings("removal")
  CsvRows(Table table, InputStream in, char delimiter) {
    this.table = table;
    int maxField = table.limits().maxRowSize();
    reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .allowExtraCharsAfterClosingQuote(true)
            .allowUnclosedQuote(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(maxField)
            .build(new Fields(table), new InputStreamReader(in, StandardCharsets.UTF_8));
    records = reader.iterator();
  }

  @Override
  public boolean next() {
    try {
      if (!records.hasNext()) {
        return false;
      }
      records.next();
      return true;
    } catch (CsvParseException e) {
      // FastCSV wraps exceptions of the stream and of our handler.
      if (e.getCause() instanceof RuntimeException thrown
          && !(thrown instanceof CsvParseException)) {
        throw thrown;
      }
      // The rest cannot be read, because the end of the quoted field is unknown.
      complete = false;
      table.warn(
          "Reading stopped after row "
              + table.rows()
              + ": a field there is longer than "
              + table.limits().maxRowSize()
              + " characters, most likely because a quote is not closed. Correct it and profile"
              + " the dataset again.");
      return false;
    }
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Receives fields as slices of the parser's buffer, so that no object is created per value. */
  private static final class Fields extends AbstractBaseCsvCallbackHandler<Boolean> {
    private final Table table;
    private final RowBuffer row;
    private final List<String> names = new ArrayList<>();
    private @Nullable Column[] columns = new Column[0];
    private int width;
    private boolean header = true;

    Fields(Table table) {
      this.table = table;
      this.row = new RowBuffer(table.limits().maxRowSize());
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
      row.clear();
    }

    @Override
    protected void handleField(int index, char[] text, int offset, int length, boolean quoted) {
      if (header) {
        name(index, new String(text, offset, length));
      } else if (index < columns.length) {
        Column column = columns[index];
        if (column != null) {
          row.add(column, Column.Origin.TEXT, text, offset, length);
        }
      }
    }

    @Override
    protected Boolean buildRecord() {
      // FastCSV skips empty lines only after it has built their records.
      if (getRecordType() == RecordType.EMPTY) {
        return Boolean.TRUE;
      }
      if (header) {
        header = false;
        nameColumns();
      } else if (getFieldCount() != width) {
        table.malformed(
            getStartingLineNumber(), "has " + getFieldCount() + " fields instead of " + width);
      } else if (row.overflow()) {
        table.malformed(
            getStartingLineNumber(),
            "is longer than " + table.limits().maxRowSize() + " characters");
      } else {
        table.commit(row);
      }
      return Boolean.TRUE;
    }

    // The header may be as large as the file, so only what is shown of it is stored.
    private void name(int index, String text) {
      if (index == ProfileLimits.MAX_FIELDS) {
        throw new PermanentFailureException(
            String.format(
                Locale.ROOT,
                "The header of the CSV has more than %,d fields, the most that profile_dataset"
                    + " accepts. Give it a dataset of fewer columns; if they are meant as rows, write"
                    + " each on a line of its own.",
                ProfileLimits.MAX_FIELDS));
      }
      if (index <= table.limits().maxColumns()) {
        String stripped = text.strip();
        String name = stripped.isEmpty() ? "column_" + (index + 1) : stripped;
        names.add(name.substring(0, Math.min(name.length(), Table.MAX_NAME + 1)));
      }
    }

    private void nameColumns() {
      width = getFieldCount();
      Map<String, Integer> taken = new HashMap<>();
      columns = new Column[names.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = table.addColumn(unique(names.get(i), taken));
      }
      names.clear();
    }

    // Remembers the last number of each name: counting from 2 each time would take quadratic time
    // for a header that repeats one name.
    private static String unique(String wanted, Map<String, Integer> taken) {
      Integer next = taken.putIfAbsent(wanted, 2);
      if (next == null) {
        return wanted;
      }
      int n = next;
      String name = wanted + "_" + n++;
      while (taken.putIfAbsent(name, 2) != null) {
        name = wanted + "_" + n++;
      }
      taken.put(wanted, n);
      return name;
    }
  }
}
