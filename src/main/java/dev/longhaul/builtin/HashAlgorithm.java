package dev.longhaul.builtin;

/** Algorithms of compute_hash. The constants are the names on the wire. */
public enum HashAlgorithm {
  md5("MD5"),
  sha1("SHA-1"),
  sha256("SHA-256"),
  sha384("SHA-384"),
  sha512("SHA-512"),
  // An enum constant cannot be written sha3-256, and Spring AI finds constants by name.
  sha3_256("SHA3-256");

  private final String javaName;

  HashAlgorithm(String javaName) {
    this.javaName = javaName;
  }

  String javaName() {
    return javaName;
  }
}
