package dev.longhaul.security;

import org.springframework.core.env.Environment;

/** Tells whether this process is the application and not a host application with the library. */
final class Standalone {
  private Standalone() {}

  static boolean is(Environment environment) {
    return environment.getProperty("longhaul.standalone", Boolean.class, false);
  }
}
