package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.API_KEYS_OFF;
import static dev.longhaul.rest.ProblemType.KEY_CONFLICT;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.security.Authentication;
import dev.longhaul.security.Scope;
import dev.longhaul.security.apikey.KeyAdministration;
import dev.longhaul.security.apikey.KeyRefusedException;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * API keys, for the operator. While they are not accepted, none can be made: an open server would
 * let everybody make one for the time after.
 */
@RestController
@Tag(name = "keys", description = "API keys, for the operator.")
class KeysController {
  private final ObjectProvider<KeyAdministration> administration;

  KeysController(ObjectProvider<KeyAdministration> administration) {
    this.administration = administration;
  }

  @GetMapping(Routes.KEYS)
  @Refuses(API_KEYS_OFF)
  KeyView.All listKeys() {
    return new KeyView.All(with(keys -> keys.list()).stream().map(KeyView::of).toList());
  }

  @PostMapping(path = Routes.KEYS, consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Refuses({API_KEYS_OFF, KEY_CONFLICT})
  ResponseEntity<KeyView.Opened> createKey(@JsonBody("key.json") Wanted wanted) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    wanted.scopes().forEach(text -> Scope.of(text).ifPresent(scopes::add));
    return opened(
        HttpStatus.CREATED, with(keys -> keys.create(wanted.name(), scopes, wanted.expiresAt())));
  }

  @PostMapping(path = Routes.KEYS + "/{name}/rotate")
  @Refuses({API_KEYS_OFF, KEY_CONFLICT})
  ResponseEntity<KeyView.Opened> rotateKey(
      @PathVariable String name,
      @JsonBody(value = "key-rotate.json", required = false) @Nullable Rotation rotation) {
    Duration keep =
        rotation == null || rotation.keepSeconds() == null
            ? KeyAdministration.KEPT
            : Duration.ofSeconds(rotation.keepSeconds());
    return opened(HttpStatus.OK, with(keys -> keys.rotate(name, keep)));
  }

  @DeleteMapping(Routes.KEYS + "/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Refuses({API_KEYS_OFF, KEY_CONFLICT})
  void revokeKey(@PathVariable String name) {
    with(keys -> {
      keys.revoke(name);
      return name;
    });
  }

  /** The key to be made. */
  record Wanted(String name, List<String> scopes, @Nullable Instant expiresAt) {}

  /** How it is rotated. */
  record Rotation(@Nullable Integer keepSeconds) {}

  /** The secret is shown this once, and must not stay in a cache. */
  private static ResponseEntity<KeyView.Opened> opened(
      HttpStatus status, KeyAdministration.Opened opened) {
    return ResponseEntity.status(status)
        .cacheControl(CacheControl.noStore())
        .body(KeyView.Opened.of(opened));
  }

  private <T> T with(Function<KeyAdministration, T> action) {
    KeyAdministration keys = administration.getIfAvailable();
    if (keys == null) {
      throw new BadRequestException(
          API_KEYS_OFF,
          "This server accepts no API keys. To have it require them, its operator sets "
              + Authentication.API_KEYS_ENABLED
              + "=true and makes the first one on the machine: java -jar longhaul.jar keys create.");
    }
    try {
      return action.apply(keys);
    } catch (KeyRefusedException e) {
      ProblemType type =
          switch (e.reason()) {
            case INVALID -> ProblemType.INVALID_REQUEST;
            case UNKNOWN -> ProblemType.UNKNOWN_KEY;
            case CONFLICT -> KEY_CONFLICT;
          };
      throw new BadRequestException(type, String.valueOf(e.getMessage()));
    } catch (DataAccessException e) {
      throw new IntakeException(new Refusal.Unavailable("Redis could not be used; try again."), e);
    }
  }
}
