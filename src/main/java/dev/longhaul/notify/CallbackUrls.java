package dev.longhaul.notify;

import dev.longhaul.outbound.AddressGuard;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates webhook URLs: when a job is submitted, so that the caller gets the error, and before
 * each attempt, because settings may have changed. The addresses of a host name are checked when
 * connecting.
 */
final class CallbackUrls {
  private static final String SETTINGS = "longhaul.notifications.webhook.";
  private static final int LONGEST = 2_000;
  private static final int LAST_PORT = 65_535;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final Supplier<Signatures> signatures;
  private final AllowedTargets allowed;
  private final boolean allowHttp;
  private final AddressGuard guard;

  CallbackUrls(NotificationProperties.Webhook settings, AddressGuard guard) {
    this.signatures = settings.signatures();
    this.allowed = new AllowedTargets(settings.allowedHosts());
    this.allowHttp = settings.allowHttp();
    this.guard = guard;
  }

  /** Why webhooks may not be sent to this URL, naming the setting; empty if they may. */
  Optional<String> problem(String url) {
    return Optional.ofNullable(reason(url));
  }

  private @Nullable String reason(String url) {
    if (!signatures.get().any()) {
      return "Webhooks are off on this server: the operator has to set a secret to sign them with ("
          + SETTINGS
          + "secrets) and the hosts they may go to ("
          + SETTINGS
          + "allowed-hosts).";
    }
    if (allowed.none()) {
      return "Webhooks are off on this server: the operator has to set the hosts they may go to ("
          + SETTINGS
          + "allowed-hosts).";
    }
    if (url.length() > LONGEST) {
      return "callback_url must have at most " + LONGEST + " characters.";
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return "callback_url is not a URL: " + e.getReason() + ".";
    }
    return shape(uri);
  }

  private @Nullable String shape(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return "callback_url must be an absolute URL that begins with https://.";
    }
    if (scheme.equals("http") && !allowHttp) {
      return "callback_url must begin with https://; the operator can allow http with "
          + SETTINGS
          + "allow-http=true.";
    }
    if (uri.getRawUserInfo() != null) {
      return "callback_url must not have a user name or password; the signature tells who sends.";
    }
    if (uri.getHost() == null
        || oddNumber(uri.getHost())
        || uri.getPort() > LAST_PORT
        || uri.getPort() == 0) {
      return "callback_url has no valid host or port.";
    }
    if (uri.getRawFragment() != null) {
      return "callback_url must not have a fragment (#…), which is never sent.";
    }
    return target(uri);
  }

  // An address in another form, such as 0x7f.1 or 2130706433: its last part is a number.
  private static boolean oddNumber(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean number =
        last.startsWith("0x")
            ? last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)
            : !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    return number && !IPV4.matcher(host).matches();
  }

  private @Nullable String target(URI uri) {
    if (!allowed.allows(uri)) {
      return "callback_url may not go to the host "
          + uri.getHost()
          + "; the operator allows hosts with "
          + SETTINGS
          + "allowed-hosts.";
    }
    if (allowed.names(uri)) {
      return null;
    }
    return literal(uri.getHost())
        .flatMap(guard::refusal)
        .map(kind ->
            "callback_url may not go to the address "
                + uri.getHost()
                + " ("
                + kind
                + ") unless "
                + SETTINGS
                + "allowed-hosts names it in full.")
        .orElse(null);
  }

  // Names are not resolved here, since the submission would wait for a foreign name server.
  private static Optional<InetAddress> literal(String host) {
    if (!host.startsWith("[") && !IPV4.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
