package dev.longhaul.relay;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a server of the program that runs the relay, in a session of its own, with its output in a
 * file of the data directory. Its environment is that of the relay.
 */
public final class JarLaunch implements LocalServer.Launch {
  private static final String LOG_FILE = "longhaul.log";
  private static final long LONGEST_LOG = 20 << 20;
  private static final int LAST_LINES = 15;
  private static final int LAST_BYTES = 8192;

  /** Variables that Spring Boot reads as {@code longhaul.security.api-keys.stdio.*}. */
  private static final String KEY_VARIABLE = "LONGHAUL_SECURITY_APIKEYS_STDIO_";

  private final List<String> program;
  private final List<String> settings;

  /**
   * @param program the command that starts a server, without settings
   * @param settings arguments {@code --name=value}, which have precedence over those that are made
   *     here
   */
  public JarLaunch(List<String> program, List<String> settings) {
    this.program = List.copyOf(program);
    this.settings = List.copyOf(settings);
  }

  /** The command that starts a server with the Java and the class path of this process. */
  public static List<String> thisProgram(String mainClass) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
        ? List.of(java, "-jar", Path.of(classPath).toAbsolutePath().toString())
        : List.of(java, "-cp", classPath, mainClass);
  }

  @Override
  public StartedProcess start(Path directory, String key) throws IOException {
    Path log = directory.resolve(LOG_FILE);
    prepare(log);
    List<String> command = new ArrayList<>(ownSession());
    command.addAll(program);
    List.of(
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--longhaul.mcp.retry-after=1s", // a relay tries as long as a restart takes
            "--longhaul.embedded-redis.data-directory=" + directory,
            "--longhaul.stdio.address-file=" + directory.resolve(LocalServer.ADDRESS_FILE))
        .stream()
        .filter(own -> settings.stream().noneMatch(given -> isSame(given, own)))
        .forEach(command::add);
    command.addAll(settings);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(Redirect.from(nothing()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    // Not as arguments, which every user of the machine can see.
    builder.environment().remove("LONGHAUL_STDIO_KEY"); // that of another server
    builder.environment().put(KEY_VARIABLE + "SECRET", key);
    builder
        .environment()
        .put(KEY_VARIABLE + "SCOPES", "mcp:call,jobs:read,jobs:write,jobs:admin,metrics:read");
    return StartedProcess.of(builder.start().toHandle());
  }

  private static boolean isSame(String given, String own) {
    return given.startsWith(own.substring(0, own.indexOf('=') + 1));
  }

  private static void prepare(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
      Files.move(log, log.resolveSibling(LOG_FILE + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log)) {
      if (Files.getFileStore(log.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
        Files.createFile(
            log,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(log);
      }
    }
  }

  /** Else Ctrl-C in the client's terminal, and what ends the client's group, would end it too. */
  private static List<String> ownSession() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .limit(1)
        .toList();
  }

  private static File nothing() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  @Override
  public String lastWords(Path directory) {
    Path log = directory.resolve(LOG_FILE);
    try (var file = Files.newByteChannel(log)) {
      file.position(Math.max(0, file.size() - LAST_BYTES));
      byte[] end = Channels.newInputStream(file).readAllBytes();
      List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }
}
