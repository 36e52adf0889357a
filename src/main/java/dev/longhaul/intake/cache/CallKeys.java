package dev.longhaul.intake.cache;

import dev.longhaul.intake.CanonicalCall;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.RequestContext;
import dev.longhaul.queue.AnswerStore.Place;
import dev.longhaul.tool.CacheScope;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Names calls so that two have the same name exactly if they may have the same answer: the
 * canonical call, its owner unless the answer is everybody's, and as a variant what else a tool can
 * see of its caller.
 */
final class CallKeys {
  /** What a tool can ask, and therefore may do otherwise where it cannot. */
  private static final List<String> CAPABILITIES = List.of("elicitation", "roots", "sampling");

  /** In {@code _meta}, but of the request and not of the call. */
  private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage");

  private static final String OURS = "dev.longhaul/";
  private static final String PROTOCOL = "io.modelcontextprotocol/";
  private static final String PLAIN = "-";

  private final CanonicalCall canonical;

  CallKeys(JsonMapper json) {
    this.canonical = new CanonicalCall(json);
  }

  /** Where the answer to a call of a tool is kept. */
  Place tool(String tool, Submission submission, CacheScope scope) {
    return place(tool, submission, scope, canonical.of(submission.method(), submission.params()));
  }

  /** Where what a resource reads is kept. */
  Place resource(String uri, Submission submission, CacheScope scope) {
    return place(name(uri), submission, scope, uri);
  }

  /** A resource's name in the store; a tool may be called as a URI is written. */
  static String name(String uri) {
    return "resource " + uri;
  }

  private Place place(String name, Submission of, CacheScope scope, String what) {
    String whose =
        switch (scope) {
          case CALLER -> "caller " + of.caller().owner();
          case SHARED -> "shared";
        };
    return new Place(name, digest(whose, of.method(), what), variant(of, scope));
  }

  /** Who may share a run: the same owner that asks for the same in the same way. */
  String run(Submission submission, Place place) {
    return digest(submission.caller().owner(), place.variant(), submission.options().toString());
  }

  private String variant(Submission submission, CacheScope scope) {
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    for (String capability : CAPABILITIES) {
      JsonNode declared = submission.client().capabilities().get(capability);
      if (declared != null) {
        seen.set(capability, declared);
      }
    }
    RequestContext request = RequestContext.current();
    if (request.locale() != null) {
      seen.put("locale", request.locale());
    }
    if (scope == CacheScope.CALLER && request.clientId() != null) {
      seen.put("client", request.clientId());
    }
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    submission
        .params()
        .path("_meta")
        .properties()
        .forEach(entry -> {
          if (tells(entry.getKey())) {
            meta.set(entry.getKey(), entry.getValue());
          }
        });
    return seen.isEmpty() && meta.isEmpty()
        ? PLAIN
        : digest("variant", canonical.ofTree(seen), canonical.ofTree(meta));
  }

  private static boolean tells(String key) {
    return !key.startsWith(OURS)
        && !key.startsWith(PROTOCOL)
        && !key.equals("progressToken")
        && !TRACE.contains(key);
  }

  private static String digest(String first, String second, String third) {
    return IdempotencyKey.of(first, second, third, "").digest();
  }
}
