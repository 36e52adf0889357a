/**
 * The commands of the runnable jar: {@code java -jar longhaul.jar COMMAND …}. Nothing in a server
 * uses them. This package reads the command line; each command has a package of its own below it.
 */
@ApplicationModule(
    displayName = "cli",
    allowedDependencies = {
      "thread",
      "gateway :: login",
      "production",
      "queue",
      "queue :: embedded",
      "queue :: production",
      "ops :: production",
      "redis",
      "relay",
      "security",
      "security :: apikey"
    })
@NullMarked
package dev.longhaul.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
