package dev.longhaul.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  /** The example with which libraries for receivers are tested. */
  @Test
  void theKnownMessageHasItsKnownSignature() {
    assertThat(new Signatures(List.of(SECRET)).of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void everySecretSignsTheFirstOneFirst() {
    String other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    String both = new Signatures(List.of(SECRET, other)).of("msg_1", 1, BODY);
    assertThat(both.split(" ", -1))
        .containsExactly(
            new Signatures(List.of(SECRET)).of("msg_1", 1, BODY),
            new Signatures(List.of(other)).of("msg_1", 1, BODY));
  }

  @Test
  void withoutASecretNothingIsSigned() {
    assertThat(new Signatures(List.of()).any()).isFalse();
    assertThat(new Signatures(List.of(SECRET)).any()).isTrue();
  }

  @Test
  void theSecretsMayBeInAFileAndBothAreRefused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("secrets"), "# webhooks\n" + SECRET + "\n");
    var inFile = new NotificationProperties.Webhook(List.of(), file, List.of(), false);
    assertThat(inFile.signatures().get().of("msg_1", 1, BODY))
        .isEqualTo(new Signatures(List.of(SECRET)).of("msg_1", 1, BODY));
    assertThat(inFile.toString()).doesNotContain(SECRET);
    assertThatThrownBy(
            () -> new NotificationProperties.Webhook(List.of(SECRET), file, List.of(), false))
        .hasMessageContaining("secrets-file, not both");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_AAECAwQFBgc=",
        "whsec_not base64 at all, is it",
        "hunter2-hunter2-hunter2-hunter2"
      })
  void whatIsNoSecretIsRefusedWithoutSayingIt(String secret) {
    assertThatThrownBy(() -> new Signatures(List.of(SECRET, secret)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Secret 2 of longhaul.notifications.webhook.secrets")
        .hasMessageNotContaining(secret.equals("whsec_") ? "hunter" : secret);
  }
}
