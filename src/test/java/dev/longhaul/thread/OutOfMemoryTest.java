package dev.longhaul.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {

  /** The halt is not enabled in this process, as in a host application. */
  @Test
  void whereLonghaulIsALibraryTheHostsHandlerIsTold() {
    List<Throwable> told = new ArrayList<>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> told.add(thrown));
    try {
      var hidden = new CompletionException(new OutOfMemoryError("test"));
      OutOfMemory.met(hidden);
      OutOfMemory.met(new IllegalStateException("something else"));
      assertThat(told).containsExactly(hidden);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
