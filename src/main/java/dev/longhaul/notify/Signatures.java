package dev.longhaul.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs webhooks by the Standard Webhooks specification (symmetric, {@code v1}). */
final class Signatures {
  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;

  private final List<SecretKeySpec> keys = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if a secret is invalid; the message does not contain it
   */
  Signatures(List<String> secrets) {
    for (String secret : secrets) {
      keys.add(key(secret.strip(), keys.size() + 1));
    }
  }

  /** Whether there is a key to sign with. */
  boolean any() {
    return !keys.isEmpty();
  }

  /**
   * The header {@code webhook-signature}: one signature for each secret, in their order.
   *
   * @param id the header webhook-id
   * @param seconds the header webhook-timestamp
   */
  String of(String id, long seconds, byte[] body) {
    return keys.stream()
        .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, id, seconds, body)))
        .collect(Collectors.joining(" "));
  }

  private static byte[] mac(SecretKeySpec key, String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static SecretKeySpec key(String secret, int number) {
    byte[] bytes;
    try {
      bytes =
          secret.startsWith(PREFIX)
              ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
              : new byte[0];
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length < SHORTEST || bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          "Secret "
              + number
              + " of longhaul.notifications.webhook.secrets must be whsec_ and base64 of "
              + SHORTEST
              + " to "
              + LONGEST
              + " bytes; make one with: echo whsec_$(openssl rand -base64 32)");
    }
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
