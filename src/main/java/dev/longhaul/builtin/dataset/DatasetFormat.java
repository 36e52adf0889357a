package dev.longhaul.builtin.dataset;

/** The format of a dataset. The constants are the names on the wire. */
public enum DatasetFormat {
  /** Delimited text with a header row (RFC 4180 and common variants). */
  csv,
  /** One JSON object per line. */
  jsonl
}
