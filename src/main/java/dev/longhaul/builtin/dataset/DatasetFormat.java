package dev.longhaul.builtin.dataset;

/** How a dataset is written. The constants are the names on the wire. */
public enum DatasetFormat {
  /** Delimited text with a header row (RFC 4180, and its usual relatives). */
  csv,
  /** One JSON object a line. */
  jsonl
}
