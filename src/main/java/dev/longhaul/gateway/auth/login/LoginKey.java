package dev.longhaul.gateway.auth.login;

import dev.longhaul.secret.Encryption;
import dev.longhaul.secret.SealedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encrypts logins: with the configured key, or where Redis is this machine's own with a generated
 * one in a file of its data directory, which only this user can read.
 */
final class LoginKey {
  private static final String FILE = "upstream-logins.key";
  private static final int KEY_BYTES = 32;
  private static final int LONGEST = 1_024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final @Nullable Path directory;
  private @Nullable Encryption encryption;

  /**
   * @param configured the configured encryption, or null
   * @param directory the data directory of a Redis of this machine alone; null for another one
   */
  LoginKey(@Nullable Encryption configured, @Nullable Path directory) {
    this.encryption = configured;
    this.directory = directory;
  }

  /**
   * Encrypts a login.
   *
   * @throws LoginFailedException if there is no key
   */
  String seal(String upstream, Login login) throws LoginFailedException {
    return encryption().seal(place(upstream), JSON.writeValueAsString(login));
  }

  /**
   * Decrypts a login.
   *
   * @throws LoginFailedException if there is no key, or another one
   */
  Login open(String upstream, String sealed) throws LoginFailedException {
    try {
      return JSON.readValue(encryption().open(place(upstream), sealed), Login.class);
    } catch (SealedException e) {
      throw new LoginFailedException(
          "The login of the upstream "
              + upstream
              + " cannot be read ("
              + e.getMessage()
              + "). Give back the key with which it was made, or log in again: "
              + Commands.login(upstream),
          e);
    }
  }

  private static String place(String upstream) {
    return "upstream-login:" + upstream;
  }

  /** The encryption; a key is generated where that is allowed and there is none. */
  synchronized Encryption encryption() throws LoginFailedException {
    if (encryption == null) {
      if (directory == null) {
        throw new LoginFailedException(
            "A login is stored encrypted, and no key is configured. Set"
                + " longhaul.security.encryption.key to <id>:<base64>, the same for all processes;"
                + " `openssl rand -base64 32` makes the second part.");
      }
      Path file = directory.resolve(FILE);
      try {
        encryption = new Encryption(generated(file), List.of());
      } catch (IOException | IllegalArgumentException e) {
        throw new LoginFailedException(
            "The key that encrypts logins cannot be read or written: "
                + file
                + ". Make it readable and writable for this user, or set"
                + " longhaul.security.encryption.key.",
            e);
      }
    }
    return encryption;
  }

  // Locked, because the server and a command may come here at once.
  private static synchronized String generated(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ofTheOwner());
        var _ = channel.lock()) {
      if (channel.size() == 0) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String text = "generated:" + Base64.getEncoder().encodeToString(key);
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          var _ = channel.write(bytes);
        }
        channel.force(true);
        return text;
      }
      ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until its end
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }
  }

  private static FileAttribute<?>[] ofTheOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
