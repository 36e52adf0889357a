package dev.longhaul.intake.cache;

import dev.longhaul.intake.CanonicalCall;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.RequestContext;
import dev.longhaul.tool.CacheScope;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Computes cache keys. Two calls have the same key exactly if they may share a result. A key
 * contains the canonical call, the owner unless results are shared, and a variant: a digest of
 * everything else that a tool can see of its caller.
 */
final class CacheKeys {
  /**
   * The capabilities by which a tool can ask its client. Without them its result may be different.
   */
  private static final List<String> CAPABILITIES = List.of("elicitation", "roots", "sampling");

  /** The members of {@code _meta} that belong to the request and not to the call. */
  private static final Set<String> OF_REQUEST =
      Set.of("progressToken", "traceparent", "tracestate", "baggage");

  private static final String LONGHAUL = "dev.longhaul/";
  private static final String PROTOCOL = "io.modelcontextprotocol/";
  private static final String NO_VARIANT = "-";

  private final CanonicalCall canonical;

  CacheKeys(JsonMapper json) {
    this.canonical = new CanonicalCall(json);
  }

  /**
   * The key of a call of a tool.
   *
   * @param tool its identity
   */
  CacheKey tool(String tool, Submission submission, CacheScope scope) {
    return key(tool, submission, scope, canonical.ofCall(tool, submission.params()));
  }

  /** The key of reading a resource. */
  CacheKey resource(String uri, Submission submission, CacheScope scope) {
    return key(name(uri), submission, scope, uri);
  }

  /** A resource's name in keys. It differs from all tool names, which contain no spaces. */
  static String name(String uri) {
    return "resource " + uri;
  }

  private CacheKey key(String name, Submission of, CacheScope scope, String what) {
    String owner =
        switch (scope) {
          case CALLER -> "caller " + of.caller().owner();
          case SHARED -> "shared";
        };
    return new CacheKey(name, digest(owner, of.method(), what), variant(of, scope));
  }

  /** Which calls may share a run: those of the same owner with the same options. */
  String flight(Submission submission, CacheKey key) {
    return digest(submission.caller().owner(), key.variant(), submission.options().toString());
  }

  private String variant(Submission submission, CacheScope scope) {
    ObjectNode visible = JsonNodeFactory.instance.objectNode();
    for (String capability : CAPABILITIES) {
      JsonNode declared = submission.client().capabilities().get(capability);
      if (declared != null) {
        visible.set(capability, declared);
      }
    }
    RequestContext request = RequestContext.current();
    if (request.locale() != null) {
      visible.put("locale", request.locale());
    }
    if (scope == CacheScope.CALLER && request.clientId() != null) {
      visible.put("client", request.clientId());
    }
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    submission.params().path("_meta").properties().stream()
        .filter(entry -> reachesTool(entry.getKey()))
        .forEach(entry -> meta.set(entry.getKey(), entry.getValue()));
    return visible.isEmpty() && meta.isEmpty()
        ? NO_VARIANT
        : digest("variant", canonical.ofTree(visible), canonical.ofTree(meta));
  }

  private static boolean reachesTool(String key) {
    return !key.startsWith(LONGHAUL) && !key.startsWith(PROTOCOL) && !OF_REQUEST.contains(key);
  }

  private static String digest(String first, String second, String third) {
    return IdempotencyKey.of(first, second, third, "").digest();
  }
}
