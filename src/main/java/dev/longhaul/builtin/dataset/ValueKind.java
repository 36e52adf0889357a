package dev.longhaul.builtin.dataset;

import java.util.Locale;

/** The kind of a value. */
enum ValueKind {
  INTEGER,
  NUMBER,
  BOOLEAN,
  DATE,
  TIMESTAMP,
  STRING,
  JSON,
  NULL;

  static final int COUNT = values().length;

  /** The name in results. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
