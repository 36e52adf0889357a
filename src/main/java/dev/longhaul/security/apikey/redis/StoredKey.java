package dev.longhaul.security.apikey.redis;

import dev.longhaul.security.Scope;
import dev.longhaul.security.apikey.ApiKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A key as JSON: generation, secrets with digest and end, scopes, end, and when it was made. */
final class StoredKey {
  private static final Logger log = LoggerFactory.getLogger(StoredKey.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StoredKey() {}

  /** Writes a new key. */
  static String write(ApiKey key) {
    return written(key, JSON.createObjectNode(), List.of());
  }

  /**
   * Writes a changed key, with what a later version has stored of it and this one does not know.
   */
  static String write(ApiKey key, String before) {
    ObjectNode json = (ObjectNode) JSON.readTree(before);
    List<String> unknown =
        json.path("scopes")
            .valueStream()
            .map(JsonNode::asString)
            .filter(scope -> Scope.of(scope).isEmpty())
            .toList();
    json.remove(List.of("expires", "created")); // if they are null now
    return written(key, json, unknown);
  }

  private static String written(ApiKey key, ObjectNode json, List<String> furtherScopes) {
    json.put("generation", key.generation());
    ArrayNode secrets = json.putArray("secrets");
    for (ApiKey.Secret secret : key.secrets()) {
      ObjectNode one = secrets.addObject().put("sha256", secret.digest());
      time(one, "until", secret.until());
    }
    ArrayNode scopes = json.putArray("scopes");
    key.scopes().stream().sorted().forEach(scope -> scopes.add(scope.text()));
    furtherScopes.forEach(scopes::add);
    time(json, "expires", key.expiresAt());
    time(json, "created", key.createdAt());
    return JSON.writeValueAsString(json);
  }

  /** Reads a key; empty if it cannot be read, and then it opens nothing. */
  static Optional<ApiKey> read(String name, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      List<ApiKey.Secret> secrets = new ArrayList<>();
      for (JsonNode secret : json.path("secrets")) {
        secrets.add(new ApiKey.Secret(secret.path("sha256").asString(), time(secret, "until")));
      }
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      for (JsonNode scope : json.path("scopes")) {
        Scope.of(scope.asString()).ifPresent(scopes::add); // a later version may have more
      }
      Instant created = time(json, "created");
      return Optional.of(
          new ApiKey(
              name,
              json.path("generation").asString(),
              secrets,
              scopes,
              time(json, "expires"),
              created == null ? Instant.EPOCH : created));
    } catch (JacksonException | IllegalArgumentException e) {
      log.warn("The API key {} in Redis cannot be read and is not accepted", name);
      return Optional.empty();
    }
  }

  private static void time(ObjectNode json, String name, @Nullable Instant time) {
    if (time != null) {
      json.put(name, time.toEpochMilli());
    }
  }

  private static @Nullable Instant time(JsonNode json, String name) {
    JsonNode millis = json.path(name);
    return millis.isMissingNode() ? null : Instant.ofEpochMilli(millis.asLong());
  }
}
