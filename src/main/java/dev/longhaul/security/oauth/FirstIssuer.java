package dev.longhaul.security.oauth;

/** Where the first issuer of an installation is stored. */
@FunctionalInterface
public interface FirstIssuer {
  /**
   * The first issuer; the given one, which is stored then, if there was none.
   *
   * @throws org.springframework.dao.DataAccessException if it cannot be read
   */
  String orElse(String issuer);
}
