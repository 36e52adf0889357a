package dev.longhaul.builtin;

/** Algorithms of compress_data. The constants are the names on the wire. */
public enum CompressionAlgorithm {
  /** RFC 1952. */
  gzip,
  /** HTTP's deflate: the zlib format, RFC 1950. */
  deflate
}
