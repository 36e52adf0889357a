package dev.longhaul.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which names the front doors answer to, and which web pages may call them.
 *
 * @param allowedHosts Values of the Host header that are served: {@code host} for any port, {@code
 *     host:port} for that one, {@code *} for every host (then nothing protects a browser on the
 *     network against DNS rebinding)
 * @param allowedOrigins Values of the Origin header that are served besides the server's own:
 *     {@code scheme://host} for the scheme's own port, {@code scheme://host:port}, or {@code
 *     scheme://host:*} for any port
 */
@ConfigurationProperties("longhaul.http")
public record HttpProperties(
    @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) List<String> allowedHosts,
    @DefaultValue({
          "http://localhost:*",
          "https://localhost:*",
          "http://127.0.0.1:*",
          "https://127.0.0.1:*",
          "http://[::1]:*",
          "https://[::1]:*"
        })
        List<String> allowedOrigins) {

  public HttpProperties {
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
