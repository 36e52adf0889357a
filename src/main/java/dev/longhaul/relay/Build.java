package dev.longhaul.relay;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which build this is. */
public final class Build {
  private static final String FILE = "/META-INF/build-info.properties";

  private Build() {}

  /** Its version and when it was built. */
  public static String name() {
    Properties content = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(FILE)) {
      if (in != null) {
        content.load(in);
      }
    } catch (IOException e) {
      // It has no name then.
    }
    return content.getProperty("build.version", "unknown")
        + " of "
        + content.getProperty("build.time", "unknown");
  }
}
