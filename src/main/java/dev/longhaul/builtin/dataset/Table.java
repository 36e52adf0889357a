package dev.longhaul.builtin.dataset;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows and columns read so far. */
final class Table {
  /** The maximum number of characters shown of a column's name. */
  static final int MAX_NAME = 200;

  private static final int EXAMPLES = 5;

  private final ProfileLimits limits;
  private final Scalar scalar = new Scalar();
  private final List<Column> columns = new ArrayList<>();
  private final List<DatasetProfile.MalformedRow> examples = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private long rows;
  private long malformed;
  private boolean tooWide;

  Table(ProfileLimits limits) {
    this.limits = limits;
  }

  ProfileLimits limits() {
    return limits;
  }

  long rows() {
    return rows;
  }

  long malformed() {
    return malformed;
  }

  /** Adds a column; null if there are already as many as allowed. */
  @Nullable Column addColumn(String name) {
    if (columns.size() == limits.maxColumns()) {
      if (!tooWide) {
        tooWide = true;
        warn(
            "The dataset has more than "
                + limits.maxColumns()
                + " columns; the others are not profiled (first of them: '"
                + shortened(name)
                + "'). An operator can raise longhaul.builtin.profile.max-columns.");
      }
      return null;
    }
    Column column = new Column(shortened(name));
    columns.add(column);
    return column;
  }

  void commit(RowBuffer row) {
    row.commit(rows, scalar);
    rows++;
  }

  void malformed(long line, String reason) {
    malformed++;
    if (examples.size() < EXAMPLES) {
      examples.add(new DatasetProfile.MalformedRow(line, reason));
    }
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  List<DatasetProfile.MalformedRow> examples() {
    return List.copyOf(examples);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * The profiles of the columns. Columns that occur only in malformed rows are left out, unless
   * there are no others.
   */
  List<ColumnProfile> profiles() {
    return columns.stream()
        .filter(column -> rows == 0 || column.seen())
        .map(column -> column.profile(rows))
        .toList();
  }

  private static String shortened(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
  }
}
