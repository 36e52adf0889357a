package dev.longhaul.security;

import org.springframework.core.env.Environment;

/** Whether this process is the runnable application, and not a host that uses the library. */
final class Standalone {
  private Standalone() {}

  static boolean is(Environment environment) {
    return environment.getProperty("longhaul.standalone", Boolean.class, false);
  }
}
