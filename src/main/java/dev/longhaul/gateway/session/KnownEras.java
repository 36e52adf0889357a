package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which era of the protocol each upstream has been found to speak, by the digest of its
 * configuration.
 */
public interface KnownEras {

  /**
   * What was found.
   *
   * @param era the era
   * @param transport the transport of an upstream with a URL; of others {@code DETECTED}
   */
  record Known(Era era, HttpKind transport) {}

  Optional<Known> find(String digest);

  void put(String digest, Known known);

  /** Forgets what turned out to be no longer true. */
  void forget(String digest);

  /** In the memory of this process. */
  static KnownEras inMemory() {
    Map<String, Known> eras = new ConcurrentHashMap<>();
    return new KnownEras() {
      @Override
      public Optional<Known> find(String digest) {
        return Optional.ofNullable(eras.get(digest));
      }

      @Override
      public void put(String digest, Known known) {
        eras.put(digest, known);
      }

      @Override
      public void forget(String digest) {
        eras.remove(digest);
      }
    };
  }
}
