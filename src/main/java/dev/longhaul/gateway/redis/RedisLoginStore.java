package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.auth.login.LoginState;
import dev.longhaul.gateway.auth.login.LoginState.State;
import dev.longhaul.gateway.auth.login.LoginStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores each login as a hash, whose content is encrypted. */
public final class RedisLoginStore implements LoginStore {
  private static final LuaScript CHANGE = LuaScript.file("gateway/login-change");
  private static final LuaScript LEASE = LuaScript.file("gateway/lease");
  private static final Duration NEEDED = Duration.ofHours(1);
  private static final String VERSION = "version";
  private static final String SEALED = "sealed";
  private static final String STATE = "state";
  private static final String UNTIL = "until";
  private static final String PRESENT = "present";
  private static final String EXPIRED = "expired";
  private static final String ANY = "*";

  private final RedisConnections redis;
  private final Channels channels;
  private final GatewayKeys keys;

  public RedisLoginStore(RedisConnections redis, Channels channels, KeyTags tags) {
    this.redis = redis;
    this.channels = channels;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public Optional<Stored> find(String upstream) {
    Map<String, String> hash = redis.run(on -> on.hgetall(keys.login(upstream)));
    String version = hash.get(VERSION);
    String sealed = hash.get(SEALED);
    return version == null || sealed == null
        ? Optional.empty()
        : Optional.of(new Stored(version, sealed, EXPIRED.equals(hash.get(STATE))));
  }

  @Override
  public Optional<LoginState> state(String upstream, Instant now) {
    Map<String, String> hash = redis.run(on -> on.hgetall(keys.login(upstream)));
    if (hash.isEmpty()) {
      return redis.run(on -> on.exists(keys.loginNeeded(upstream))) > 0
          ? Optional.of(new LoginState(State.NEEDED, null))
          : Optional.empty();
    }
    String text = hash.getOrDefault(UNTIL, "");
    Instant until = text.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(text));
    boolean expired = EXPIRED.equals(hash.get(STATE)) || (until != null && !until.isAfter(now));
    return Optional.of(new LoginState(expired ? State.EXPIRED : State.PRESENT, until));
  }

  @Override
  public void put(String upstream, String sealed, @Nullable Instant until) {
    var _ = change(upstream, ANY, fields(sealed, until));
    var _ = redis.run(on -> on.del(keys.loginNeeded(upstream)));
    changed(upstream);
  }

  @Override
  public Optional<String> replace(
      String upstream, String version, String sealed, @Nullable Instant until) {
    return change(upstream, version, fields(sealed, until));
  }

  @Override
  public void expire(String upstream, String version) {
    var _ = change(upstream, version, List.of(STATE, EXPIRED));
  }

  private static List<String> fields(String sealed, @Nullable Instant until) {
    return List.of(
        STATE,
        PRESENT,
        SEALED,
        sealed,
        UNTIL,
        until == null ? "" : Long.toString(until.toEpochMilli()));
  }

  private Optional<String> change(String upstream, String version, List<String> fields) {
    String next = UUID.randomUUID().toString();
    List<String> args = new ArrayList<>(List.of(version, VERSION, next));
    args.addAll(fields);
    long changed = redis.await(Scripts.number(redis.shared(), CHANGE, keys.login(upstream), args));
    return changed == 1 ? Optional.of(next) : Optional.empty();
  }

  @Override
  public boolean remove(String upstream) {
    boolean removed = redis.run(on -> on.del(keys.login(upstream))) > 0;
    if (removed) {
      changed(upstream);
    }
    return removed;
  }

  // As an operator's reconnect: sessions of the login before are closed, and nobody waits.
  private void changed(String upstream) {
    channels.publish(keys.commands(), "login reconnect " + upstream);
  }

  @Override
  public void needed(String upstream) {
    var _ = redis.run(on -> on.set(keys.loginNeeded(upstream), "1", SetArgs.Builder.ex(NEEDED)));
  }

  @Override
  public boolean lock(String upstream, String by, Duration limit) {
    return lease(upstream, by, limit.toMillis()) == 1;
  }

  @Override
  public void unlock(String upstream, String by) {
    var _ = lease(upstream, by, 0);
  }

  private long lease(String upstream, String by, long millis) {
    List<Long> held =
        redis.await(
            Scripts.run(
                redis.shared(),
                LEASE,
                ScriptOutputType.MULTI,
                List.of(keys.loginLock(upstream)),
                new String[] {by, Long.toString(millis)}));
    return held.getFirst();
  }
}
