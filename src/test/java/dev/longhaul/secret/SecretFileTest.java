package dev.longhaul.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void file() {
    path = directory.resolve("secrets");
  }

  private SecretFile<List<String>> file(String content) throws IOException {
    Files.writeString(path, content);
    return new SecretFile<>("longhaul.some-file", path, SecretFileTest::checked);
  }

  private static List<String> checked(List<String> secrets) {
    if (secrets.contains("bad")) {
      throw new IllegalArgumentException("secret 1 is none");
    }
    return secrets;
  }

  @Test
  void eachLineIsASecretButBlankOnesAndComments() throws IOException {
    assertThat(file("# since May\n new \n\nold\n").get()).containsExactly("new", "old");
  }

  @Test
  void aChangedFileIsReadAgainAlsoWhereItIsReplacedByALinkAsKubernetesDoes() throws IOException {
    var secrets = file("one\n");
    Files.writeString(path, "two\none\n");
    secrets.reread();
    assertThat(secrets.get()).containsExactly("two", "one");

    Path next = Files.writeString(directory.resolve("next"), "three\n");
    Files.delete(path);
    Files.createSymbolicLink(path, next);
    secrets.reread();
    assertThat(secrets.get()).containsExactly("three");
  }

  @Test
  void whatCannotBeUsedLeavesTheSecretsAsTheyWere() throws IOException {
    var secrets = file("one\n");
    for (String unusable : List.of("", "# nothing\n", "bad\n", "x".repeat(70_000))) {
      Files.writeString(path, unusable);
      secrets.reread();
      assertThat(secrets.get()).containsExactly("one");
    }
    Files.delete(path);
    secrets.reread();
    assertThat(secrets.get()).containsExactly("one");
  }

  @Test
  void theStartFailsWithoutASecretAndNamesTheSetting() {
    assertThatThrownBy(() -> new SecretFile<>("longhaul.some-file", path, SecretFileTest::checked))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longhaul.some-file")
        .hasMessageContaining(path.toString());
    assertThatThrownBy(() -> file("\n")).hasMessageContaining("without a secret");
    assertThatThrownBy(() -> file("bad\n")).hasMessageContaining("secret 1 is none");
  }
}
