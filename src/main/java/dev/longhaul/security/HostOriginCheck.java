package dev.longhaul.security;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Host and Origin headers of a request. A web page that a user opens must not reach a
 * server on the user's machine or network: Origin excludes pages of other sites, Host excludes
 * names that an attacker resolves to this server (DNS rebinding). X-Forwarded-Host and Forwarded
 * are ignored, because anyone can send them.
 *
 * <p>Source: MCP 2025-11-25 and 2026-07-28, Streamable HTTP, Security Warning.
 */
final class HostOriginCheck {
  private static final int LONGEST_ECHO = 100;

  private final AllowedHosts hosts;
  private final AllowedOrigins origins;
  private volatile @Nullable String known; // the last accepted Host header

  HostOriginCheck(HttpProperties properties) {
    this.hosts = AllowedHosts.parse(properties.allowedHosts());
    this.origins = AllowedOrigins.parse(properties.allowedOrigins());
  }

  /**
   * Checks one request.
   *
   * @param hostHeaders all Host headers
   * @param originHeaders all Origin headers
   * @return why it is refused, or empty if it is accepted
   */
  Optional<Refusal> refuses(List<String> hostHeaders, List<String> originHeaders) {
    // The same host as before and no Origin: accepted already.
    if (originHeaders.isEmpty()
        && hostHeaders.size() == 1
        && hostHeaders.getFirst().equals(known)) {
      return Optional.empty();
    }
    Optional<Authority> host =
        hostHeaders.size() == 1 ? Authority.parse(hostHeaders.getFirst()) : Optional.empty();
    boolean named = host.filter(hosts::names).isPresent();
    if (!named && !(hosts.any() && host.isPresent())) {
      return Optional.of(hostRefusal(hostHeaders));
    }
    // Pages of this server may call it if its name is in allowed-hosts.
    Optional<Authority> own = named ? host : Optional.empty();
    for (String origin : originHeaders) {
      if (!allows(origin, own)) {
        return Optional.of(originRefusal(origin));
      }
    }
    known = hostHeaders.getFirst();
    return Optional.empty();
  }

  private boolean allows(String text, Optional<Authority> own) {
    return Origin.parse(text)
        .filter(o -> origins.allows(o) || own.filter(o.authority()::equals).isPresent())
        .isPresent();
  }

  private static Refusal hostRefusal(List<String> headers) {
    String problem =
        headers.size() == 1
            ? "The Host header \"" + shortened(headers.getFirst()) + "\" is not one this server"
            : "A request needs exactly one Host header, with a name this server";
    return Refusal.hostNotAllowed(
        problem
            + " answers to. If clients are to use that name, the operator adds it to "
            + AllowedHosts.PROPERTY
            + ".");
  }

  private static Refusal originRefusal(String origin) {
    return Refusal.originNotAllowed(
        "Web pages of the origin \""
            + shortened(origin)
            + "\" may not call this server. If they are to, the operator adds it to "
            + AllowedOrigins.PROPERTY
            + ".");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_ECHO ? text : text.substring(0, LONGEST_ECHO) + "…";
  }
}
