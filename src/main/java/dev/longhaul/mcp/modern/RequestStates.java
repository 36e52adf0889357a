package dev.longhaul.mcp.modern;

import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes and reads {@code requestState} (basic/patterns/mrtr): signed, bound to the caller, the
 * method and the params of the request, and valid for a limited time. It carries the answers of
 * earlier rounds or the id of the job that asked, so the server stores nothing.
 */
final class RequestStates {
  private static final int NONCE_BYTES = 12;

  private final StateKeys keys;
  private final Duration ttl;
  private final Clock clock;

  /**
   * @param ttl how long a client may take to answer
   */
  RequestStates(StateKeys keys, Duration ttl, Clock clock) {
    this.keys = keys;
    this.ttl = ttl;
    this.clock = clock;
  }

  /**
   * The content of a state.
   *
   * @param answers the answers of earlier rounds, by key
   * @param job the job that asked, or null
   * @param nonce unique for each state
   */
  public record State(Map<String, JsonNode> answers, @Nullable JobId job, String nonce) {}

  /** The state for a job that waits for answers. */
  String of(String method, Call call, JobId job) {
    return write(method, call, state -> state.put("j", job.value()));
  }

  /** The state for an inline tool, which runs again from its beginning. */
  String of(String method, Call call, Map<String, JsonNode> answers) {
    return write(
        method,
        call,
        state -> {
          ObjectNode given = state.putObject("a");
          answers.forEach(given::set);
        });
  }

  private String write(String method, Call call, java.util.function.Consumer<ObjectNode> what) {
    ObjectNode state = Replies.object().put("o", call.caller().owner()).put("m", method);
    state.put("d", digest(call.params()));
    state.put("e", clock.instant().plus(ttl).getEpochSecond());
    state.put("n", base64(RandomText.bytes(NONCE_BYTES)));
    what.accept(state);
    String payload = base64(Json.bytes(state));
    return payload + "." + base64(keys.sign(payload));
  }

  /**
   * Reads and verifies a state.
   *
   * @param params the request's params as they are passed on
   * @throws RpcException {@code INVALID_PARAMS} if it is not signed by this server, has expired, or
   *     belongs to another request
   */
  State read(String method, String owner, ObjectNode params, JsonNode given) {
    String text = given.stringValue("");
    int dot = text.indexOf('.');
    if (dot < 0 || !keys.verify(text.substring(0, dot), bytes(text.substring(dot + 1)))) {
      throw refused("is none that this server gave");
    }
    JsonNode state;
    try {
      state = Json.tree(new String(bytes(text.substring(0, dot)), StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw refused("is none that this server gave");
    }
    if (state.path("e").asLong() < clock.instant().getEpochSecond()) {
      throw refused("has expired; send the request without it to begin again");
    }
    boolean same =
        state.path("o").asString("").equals(owner)
            && state.path("m").asString("").equals(method)
            && state.path("d").asString("").equals(digest(params));
    if (!same) {
      throw refused("belongs to another request");
    }
    Map<String, JsonNode> answers = new HashMap<>();
    state.path("a").properties().forEach(e -> answers.put(e.getKey(), e.getValue()));
    String job = state.path("j").asString("");
    return new State(answers, job.isEmpty() ? null : new JobId(job), state.path("n").asString(""));
  }

  /** Marks a state as used; returns whether it was unused. */
  boolean use(State state) {
    return keys.use(state.nonce(), ttl);
  }

  private static RpcException refused(String why) {
    return RpcException.invalidParams("params.requestState " + why + ".");
  }

  // Without _meta, which may differ when the request is repeated.
  private static String digest(ObjectNode params) {
    ObjectNode what = Replies.object();
    params
        .properties()
        .forEach(entry -> {
          if (!entry.getKey().equals("_meta")) {
            what.set(entry.getKey(), entry.getValue());
          }
        });
    try {
      return base64(MessageDigest.getInstance("SHA-256").digest(Json.bytes(what)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
