package dev.longhaul.catalog;

import dev.longhaul.tool.CacheScope;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.TaskSupport;
import java.lang.reflect.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Reads {@link LonghaulTool}. */
record AnnotatedSettings(SettingsSource source) {

  ToolSettings of(LonghaulTool said) {
    return new ToolSettings(
        one("execution", said.execution(), Execution.class),
        text(said.queue()),
        text(said.priority()),
        duration("timeout", said.timeout()),
        duration("hold", said.hold()),
        one("attempts", said.attempts(), Integer.class),
        durations(said.backoff()),
        names(said.permanentExceptions()),
        one("repeatable", said.repeatable(), Boolean.class),
        one("concurrency", said.concurrency(), Integer.class),
        text(said.rate()),
        one("cacheable", said.cacheable(), Boolean.class),
        duration("cache", said.cache()),
        one("cacheScope", said.cacheScope(), CacheScope.class),
        said.cacheWhen().length == 0 ? null : List.of(said.cacheWhen()),
        duration("estimate", said.estimate()),
        one("breakerFailures", said.breakerFailures(), Integer.class),
        duration("breakerOpen", said.breakerOpen()),
        duration("pollInterval", said.pollInterval()),
        one("taskSupport", said.taskSupport(), TaskSupport.class));
  }

  private static @Nullable String text(String said) {
    return said.isEmpty() ? null : said;
  }

  private @Nullable Duration duration(String attribute, String said) {
    return said.isEmpty() ? null : parsed(attribute, said);
  }

  private @Nullable List<Duration> durations(String[] said) {
    if (said.length == 0) {
      return null;
    }
    List<Duration> waits = new ArrayList<>();
    for (String wait : said) {
      waits.add(parsed("backoff", wait));
    }
    return waits;
  }

  private static @Nullable List<String> names(Class<? extends Throwable>[] said) {
    return said.length == 0 ? null : Arrays.stream(said).map(Class::getName).toList();
  }

  private Duration parsed(String attribute, String said) {
    try {
      return DurationStyle.detectAndParse(said);
    } catch (RuntimeException e) { // not the words of a duration, or a number beyond all bounds
      throw source.wrong(attribute, said, "use a duration such as 90s, 10m or PT1H30M");
    }
  }

  /** The one value of an array, of objects or of primitives. */
  private <T> @Nullable T one(String attribute, Object values, Class<T> type) {
    int count = Array.getLength(values);
    if (count > 1) {
      throw source.wrong(attribute, count + " values", "give one value, without braces");
    }
    return count == 0 ? null : type.cast(Array.get(values, 0));
  }
}
