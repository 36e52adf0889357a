package dev.longhaul.ops.production;

import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** What costs time or space in serving: compression, the cache of results, the log. */
final class ServingCheck implements ProductionCheck {
  private static final String COMPRESSION = "compression";
  private static final String CACHE = "result-cache";
  private static final String LOG = "log-level";

  private final Environment environment;
  private final LoggingSystem logging;

  ServingCheck(Environment environment, LoggingSystem logging) {
    this.environment = environment;
    this.logging = logging;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    found.add(
        environment.getProperty("server.compression.enabled", Boolean.class, false)
            ? Finding.pass(COMPRESSION, "Answers are compressed for clients that take it.")
            : Finding.warn(
                COMPRESSION,
                "Answers are not compressed.",
                "Set server.compression.enabled=true, unless a proxy compresses."));
    found.add(cache());
    found.add(log());
    return found;
  }

  private Finding cache() {
    boolean off =
        Binder.get(environment)
            .bind("longhaul.cache.memory", DataSize.class)
            .map(size -> size.toBytes() == 0)
            .orElse(false);
    return off
        ? Finding.warn(
            CACHE,
            "Cached results are read from Redis each time.",
            "Set longhaul.cache.memory, such as 10MB.")
        : Finding.pass(CACHE, "Cached results are also kept in this process's memory.");
  }

  private Finding log() {
    List<String> talkative =
        logging.getLoggerConfigurations().stream()
            .filter(ServingCheck::isTalkative)
            .map(LoggerConfiguration::getName)
            .sorted()
            .toList();
    return talkative.isEmpty()
        ? Finding.pass(LOG, "No logger is set to DEBUG or TRACE.")
        : Finding.warn(
            LOG,
            "DEBUG or TRACE: " + String.join(", ", talkative) + ".",
            "Remove logging.level.* of these, and debug=true or trace=true.");
  }

  private static boolean isTalkative(LoggerConfiguration logger) {
    LogLevel level = logger.getConfiguredLevel();
    return level == LogLevel.DEBUG || level == LogLevel.TRACE;
  }
}
