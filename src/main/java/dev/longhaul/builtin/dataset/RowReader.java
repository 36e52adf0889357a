package dev.longhaul.builtin.dataset;

import java.io.Closeable;
import java.io.IOException;

/** Reads rows of one format into a table. */
interface RowReader extends Closeable {

  /**
   * Reads the next row, well-formed or not.
   *
   * @return false at the end
   */
  boolean next() throws IOException;

  /** Whether reading reached the end of the data, and did not stop at an error. */
  boolean complete();
}
