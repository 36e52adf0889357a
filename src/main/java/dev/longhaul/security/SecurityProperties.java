package dev.longhaul.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param allowUnauthenticated Lets the application bind an address that other machines reach,
 *     although it does not authenticate its callers: everybody who can connect can then run every
 *     tool
 */
@ConfigurationProperties("longhaul.security")
public record SecurityProperties(@DefaultValue("false") boolean allowUnauthenticated) {
  /** The property that permits another address than loopback. */
  public static final String ALLOW_UNAUTHENTICATED = "longhaul.security.allow-unauthenticated";

  /** The property that makes an access token a condition of every call. */
  public static final String ISSUER = "longhaul.security.oauth.issuer";
}
