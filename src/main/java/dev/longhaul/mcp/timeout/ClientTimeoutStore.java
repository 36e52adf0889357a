package dev.longhaul.mcp.timeout;

import java.util.Map;
import java.util.Optional;

/** Keeps learned client time-outs for all processes. */
public interface ClientTimeoutStore {
  /** The most clients stored per caller; beyond that the oldest entry is dropped. */
  int MAX_CLIENTS = 100;

  /** Keeps nothing, for when learning is switched off. */
  ClientTimeoutStore NONE =
      new ClientTimeoutStore() {
        @Override
        public Optional<LearnedTimeout> find(String owner, ClientKey client) {
          return Optional.empty();
        }

        @Override
        public Map<ClientKey, LearnedTimeout> all(String owner) {
          return Map.of();
        }

        @Override
        public void put(String owner, ClientKey client, LearnedTimeout learnt) {}

        @Override
        public void remove(String owner, ClientKey client) {}
      };

  Optional<LearnedTimeout> find(String owner, ClientKey client);

  /** The entries of all clients of a caller. */
  Map<ClientKey, LearnedTimeout> all(String owner);

  /** Stores or replaces an entry. */
  void put(String owner, ClientKey client, LearnedTimeout learnt);

  void remove(String owner, ClientKey client);
}
