package dev.longhaul.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Longhaul of a data directory on this machine: the one that runs, or one that is started and
 * outlives the relay. Relays that find none at the same time start one together. It wants a random
 * key that only the owner of the directory can read, because other users of the machine reach its
 * port too.
 */
public final class LocalServer implements Server {
  /** The file in the data directory with the address of the running server. */
  public static final String ADDRESS_FILE = "stdio.address";

  private static final String KEY_FILE = "stdio.key";
  private static final String PROCESS_FILE = "stdio.process";
  private static final String LOCK_FILE = "stdio.lock";
  private static final int KEY_BYTES = 32;
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int CONNECT_MILLIS = 2000;

  private final Path directory;
  private final Launch launch;
  private final String version;
  private final Consumer<String> log;
  private @Nullable Running known;
  private boolean mismatchSaid;

  /**
   * A running server.
   *
   * @param process its process; when that has ended, anybody may have its port
   */
  private record Running(StartedProcess process, Address address) {}

  /** Starts a server that outlives this process. */
  public interface Launch {
    /**
     * Starts it.
     *
     * @param key what it wants as a bearer token
     * @param directory its data directory, where it writes {@link #ADDRESS_FILE} when it is ready
     */
    StartedProcess start(Path directory, String key) throws IOException;

    /** What it said last, for a message. */
    String lastWords(Path directory);
  }

  /**
   * @param directory the data directory; created if needed
   * @param version the build of this relay
   * @param log takes lines for the log
   * @throws UnreachableException if the directory cannot be used
   */
  public LocalServer(Path directory, Launch launch, String version, Consumer<String> log) {
    this.launch = launch;
    this.version = version;
    this.log = log;
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        restrict(directory, "rwx------");
      }
      this.directory = directory.toRealPath();
    } catch (IOException e) {
      throw new UnreachableException(
          "The data directory " + directory + " cannot be used: " + e + ".");
    }
  }

  @Override
  public synchronized Address address() throws InterruptedException {
    Address now = stillRunning();
    return now == null ? found() : now;
  }

  @Override
  public synchronized Address after(Address failed) throws InterruptedException {
    Address now = stillRunning();
    if (now != null && !now.equals(failed)) {
      return now;
    }
    known = null;
    Thread.sleep(POLL);
    return found();
  }

  /** The known address while its process lives: to whom has its port later no key is sent. */
  private @Nullable Address stillRunning() {
    Running now = known;
    if (now != null && !now.process().isAlive()) {
      known = null;
      return null;
    }
    return now == null ? null : now.address();
  }

  @Override
  public @Nullable Address running() {
    Running now = lookedUp();
    return now == null ? null : now.address();
  }

  private @Nullable Running lookedUp() {
    AddressFile file = AddressFile.readFrom(directory.resolve(ADDRESS_FILE));
    try {
      return file != null && file.process().isAlive() && accepts(file.url())
          ? new Running(file.process(), new Address(file.url(), key()))
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private Address found() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        Running running = lookedUp();
        if (running == null) {
          running = startedAlone(deadline);
        }
        if (running != null) {
          compareVersions();
          known = running;
          return running.address();
        }
        Thread.sleep(POLL);
      }
    } catch (IOException e) {
      throw new UnreachableException("Longhaul cannot be started in " + directory + ": " + e + ".");
    }
    throw new UnreachableException(
        "The Longhaul of " + directory + " has not become ready in time. " + words());
  }

  /** Starts one under the lock; null if another relay has the lock. */
  private @Nullable Running startedAlone(long deadline) throws IOException, InterruptedException {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null ? null : started(deadline);
    } catch (OverlappingFileLockException e) {
      return null; // another relay of this process
    }
  }

  private @Nullable Running started(long deadline) throws IOException, InterruptedException {
    StartedProcess process = alive();
    boolean own = process == null;
    if (process == null) {
      log.accept("Starting Longhaul with the data in " + directory + ".");
      process = launch.start(directory, key());
      AddressFile.write(process.properties(), directory.resolve(PROCESS_FILE));
    }
    while (System.nanoTime() < deadline) {
      Running running = lookedUp();
      if (running != null) {
        return running;
      }
      if (!process.isAlive()) {
        if (own) {
          throw new UnreachableException("Longhaul could not be started. " + words());
        }
        return null; // it was about to stop, so another one is started
      }
      Thread.sleep(POLL);
    }
    return null;
  }

  /** One that starts or stops at the moment; null if there is none. */
  private @Nullable StartedProcess alive() {
    AddressFile file = AddressFile.readFrom(directory.resolve(ADDRESS_FILE));
    if (file != null && file.process().isAlive()) {
      return file.process();
    }
    var content = AddressFile.read(directory.resolve(PROCESS_FILE));
    StartedProcess process = content == null ? null : StartedProcess.of(content);
    return process != null && process.isAlive() ? process : null;
  }

  private void compareVersions() {
    AddressFile file = AddressFile.readFrom(directory.resolve(ADDRESS_FILE));
    if (file != null && !file.version().equals(version) && !mismatchSaid) {
      mismatchSaid = true;
      log.accept(
          "Longhaul "
              + file.version()
              + " runs in "
              + directory
              + ", and this is "
              + version
              + ". It is used as it is; to have this version started, stop it with: kill "
              + file.process().pid());
    }
  }

  private String words() {
    String words = launch.lastWords(directory);
    return words.isEmpty() ? "It said nothing." : "It said last:\n" + words;
  }

  private static boolean accepts(URI url) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The key of the directory, which stays the same, since jobs belong to who has it. */
  private String key() throws IOException {
    Path file = directory.resolve(KEY_FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(random);
      // Only its owner can read a temporary file. The first of several writers is the one.
      Path partial = Files.createTempFile(directory, "stdio", ".partial");
      try {
        Files.write(partial, List.of(HexFormat.of().formatHex(random)));
        Files.move(partial, file);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
    restrict(file, "rw-------");
    return Files.readString(file).strip();
  }

  private static void restrict(Path path, String permissions) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(permissions));
    }
  }
}
