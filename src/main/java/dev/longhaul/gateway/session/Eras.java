package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.gateway.rpc.UpstreamLostException;
import dev.longhaul.gateway.rpc.UpstreamProtocolException;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a failure of a first request says about the era of the protocol that an upstream speaks. */
final class Eras {
  static final int UNSUPPORTED_VERSION = -32022;
  static final int HEADER_MISMATCH = -32020;
  static final int METHOD_NOT_FOUND = -32601;

  /** The legacy versions, the newest first. */
  static final List<String> LEGACY =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

  // HeaderMismatch, MissingRequiredClientCapability, UnsupportedProtocolVersion: no legacy upstream
  // has them.
  private static final Set<Integer> MODERN_ERRORS = Set.of(HEADER_MISMATCH, -32021, -32022);

  private static final Set<Integer> CORE_ERRORS =
      Set.of(-32700, -32600, METHOD_NOT_FOUND, -32602, -32603);

  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.-]{1,40}");
  private static final int MOST_VERSIONS = 50;

  private Eras() {}

  /**
   * Whether a failed request says that the upstream does not speak the era of the request. An
   * upstream that is away, fails, or refuses the credentials says nothing about its era.
   *
   * @param tried the era of the request
   * @param http whether it has a URL; a stdio upstream that ends or stays silent does not know the
   *     request
   */
  static boolean other(RuntimeException failure, Era tried, boolean http) {
    return switch (failure) {
      case RpcErrorException e ->
          !infrastructure(e.status()) && (tried == Era.LEGACY || !MODERN_ERRORS.contains(e.code()));
      case UpstreamLostException e -> !http || (e.status() != 0 && !infrastructure(e.status()));
      case UpstreamProtocolException _ -> !http;
      default -> false;
    };
  }

  /** Whether a code is one of JSON-RPC itself. */
  static boolean isCore(int code) {
    return CORE_ERRORS.contains(code);
  }

  /** Whether an upstream without streamable HTTP may answer that to a POST. */
  static boolean noStreamableHttp(RuntimeException failure) {
    int status =
        switch (failure) {
          case RpcErrorException e -> e.status();
          case UpstreamLostException e -> e.status();
          default -> 0;
        };
    return status == 400 || status == 404 || status == 405;
  }

  /** The versions that a refusal of the version lists; empty if it is none or lists none. */
  static List<String> supported(RpcErrorException refusal) {
    JsonNode data = refusal.data();
    return refusal.code() == UNSUPPORTED_VERSION && data != null
        ? versions(data.path("supported"))
        : List.of();
  }

  /** The versions in an array, without what can be none. */
  static List<String> versions(JsonNode array) {
    return array
        .valueStream()
        .map(version -> version.stringValue(""))
        .filter(version -> VERSION.matcher(version).matches())
        .limit(MOST_VERSIONS)
        .toList();
  }

  /** Whether a version is one of an era with {@code initialize}. */
  static boolean isLegacy(String version) {
    // Versions are dates; the first modern one is later than all legacy ones, also unknown ones.
    return version.compareTo("2026-07-28") < 0;
  }

  // A refusal by status 408 or 429 passes, and another try may find a modern upstream.
  private static boolean infrastructure(int status) {
    return status == 401
        || status == 403
        || status == 408
        || status == 429
        || status >= 500
        || (status >= 300 && status < 400);
  }
}
