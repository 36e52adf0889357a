package dev.longhaul.mcp.patience;

import java.util.Map;
import java.util.Optional;

/** Keeps what was learnt, for all processes. */
public interface PatienceStore {
  /** Of how many clients something is kept for one caller; of more the oldest is forgotten. */
  int MAX_CLIENTS = 100;

  /** Remembers nothing: for when learning is switched off. */
  PatienceStore NOTHING =
      new PatienceStore() {
        @Override
        public Optional<LearntLimit> find(String owner, ClientKey client) {
          return Optional.empty();
        }

        @Override
        public Map<ClientKey, LearntLimit> all(String owner) {
          return Map.of();
        }

        @Override
        public void put(String owner, ClientKey client, LearntLimit learnt) {}

        @Override
        public void remove(String owner, ClientKey client) {}
      };

  Optional<LearntLimit> find(String owner, ClientKey client);

  /** All that is known of the caller's clients. */
  Map<ClientKey, LearntLimit> all(String owner);

  /** Keeps it in place of what was known. */
  void put(String owner, ClientKey client, LearntLimit learnt);

  void remove(String owner, ClientKey client);
}
