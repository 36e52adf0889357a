package dev.longhaul.security.oauth;

import dev.longhaul.job.Digest;
import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.security.SharedRead;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Names the owners of the jobs of tokens, by issuer and subject. The subjects of the first issuer
 * of an installation are owners as they are, because that is what earlier versions have stored;
 * those of every other issuer have its digest before them. Which issuer is the first, is stored
 * once.
 */
public final class TokenOwners {
  /** What the intake makes of subjects that are called like owners of its own. */
  private static final Set<String> OF_THE_INTAKE =
      Set.of(AuthorizedCaller.PRINCIPAL + "local", AuthorizedCaller.PRINCIPAL + "application");

  private final String issuer;
  private final FirstIssuer store;
  private final SharedRead reading = new SharedRead();
  private volatile @Nullable Boolean first;

  public TokenOwners(String issuer, FirstIssuer store) {
    this.issuer = issuer;
    this.store = store;
  }

  /**
   * The owner for a subject.
   *
   * @throws CredentialRefusedException if it cannot be known now
   */
  String owner(String subject) {
    return isFirst() && !isReserved(subject)
        ? subject
        : AuthorizedCaller.RESERVED + "oauth:" + Digest.of(issuer) + ":" + subject;
  }

  private static boolean isReserved(String subject) {
    return subject.startsWith(AuthorizedCaller.RESERVED)
        || subject.startsWith(AuthorizedCaller.PRINCIPAL + AuthorizedCaller.RESERVED)
        || OF_THE_INTAKE.contains(subject);
  }

  private boolean isFirst() {
    Boolean known = first;
    if (known != null) {
      return known;
    }
    try {
      return reading.get(() -> Optional.ofNullable(first), this::read);
    } catch (DataAccessException e) {
      throw CredentialRefusedException.unavailable("Redis cannot be read at the moment.");
    }
  }

  private Boolean read() {
    Boolean is = issuer.equals(store.orElse(issuer));
    first = is;
    return is;
  }
}
