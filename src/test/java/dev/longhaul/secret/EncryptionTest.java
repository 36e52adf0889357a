package dev.longhaul.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EncryptionTest {
  private static final String A = "a:" + Base64.getEncoder().encodeToString(new byte[32]);
  private static final String B = "b:" + Base64.getEncoder().encodeToString(bytes(32));

  private final Encryption encryption = new Encryption(A, List.of());

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  void opensWhatItSealed() {
    for (int length : new int[] {0, 1, 15, 16, 17, 100_000}) {
      byte[] value = bytes(length);
      assertThat(encryption.open("place", encryption.seal("place", value))).isEqualTo(value);
    }
    assertThat(encryption.open("p", encryption.seal("p", "ä ☃"))).isEqualTo("ä ☃");
  }

  @Test
  void theSameValueIsSealedDifferentlyEachTime() {
    assertThat(encryption.seal("p", "text")).isNotEqualTo(encryption.seal("p", "text"));
    assertThat(new String(encryption.seal("p", "plain text".getBytes(UTF_8)), UTF_8))
        .doesNotContain("plain");
  }

  @Test
  void aValueIsBoundToItsPlace() {
    byte[] sealed = encryption.seal("here", bytes(5));

    assertThatExceptionOfType(SealedException.class)
        .isThrownBy(() -> encryption.open("there", sealed))
        .withMessageContaining("moved");
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] sealed = encryption.seal("p", bytes(5));
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatExceptionOfType(SealedException.class)
          .as("byte %s", i)
          .isThrownBy(() -> encryption.open("p", changed));
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThatExceptionOfType(SealedException.class)
          .as("length %s", i)
          .isThrownBy(() -> encryption.open("p", cut));
    }
    assertThatExceptionOfType(SealedException.class)
        .isThrownBy(() -> encryption.open("p", "no base64 §"));
  }

  @Test
  void anOldKeyStillOpens() {
    String sealed = encryption.seal("p", "text");

    assertThat(new Encryption(B, List.of(A)).open("p", sealed)).isEqualTo("text");
    assertThatExceptionOfType(SealedException.class)
        .isThrownBy(() -> new Encryption(B, List.of()).open("p", sealed))
        .withMessageContaining("longhaul.security.encryption.old-keys");
  }

  @Test
  void aKeyOfAnotherFormIsRefusedWithoutBeingShown() {
    for (String key : List.of("", "secret", ":AAAA", "a b:AAAA", "a:SECRET!!", "a:U0VDUkVU")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Encryption(key, List.of()))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContainIgnoringCase("secret"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Encryption(A, List.of(A)))
        .withMessage("two encryption keys have the id a");
    assertThat(encryption.toString()).isEqualTo("encryption with the key a");
  }

  @Test
  void theKeysComeFromSettingsOrAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys"), "# the newest first\n" + B + "\n" + A);
    String sealed = encryption.seal("p", "text");
    ApplicationContextRunner runner =
        new ApplicationContextRunner().withUserConfiguration(EncryptionConfiguration.class);

    runner.run(context -> assertThat(context).doesNotHaveBean(Encryption.class));
    runner
        .withPropertyValues("longhaul.security.encryption.key=" + A)
        .run(context ->
            assertThat(context.getBean(Encryption.class).open("p", sealed)).isEqualTo("text"));
    runner
        .withPropertyValues("longhaul.security.encryption.key-file=" + file)
        .run(context -> {
          assertThat(context.getBean(Encryption.class).keyId()).isEqualTo("b");
          assertThat(context.getBean(Encryption.class).open("p", sealed)).isEqualTo("text");
        });
    runner
        .withPropertyValues(
            "longhaul.security.encryption.key-file=" + file,
            "longhaul.security.encryption.key=" + A)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("set key or key-file, not both"));
  }
}
