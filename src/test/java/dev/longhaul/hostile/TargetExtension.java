package dev.longhaul.hostile;

import dev.longhaul.testing.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts one process for each set of options, and checks after each attack that it still works. */
final class TargetExtension implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(TargetExtension.class);

  private record Options(
      String heap,
      List<String> jvm,
      List<String> settings,
      List<Class<?>> tools,
      boolean authorized) {}

  /** A target that JUnit closes at the end of the whole run. */
  private record Kept(Target target) implements AutoCloseable {
    @Override
    public void close() {
      target.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Target.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return target(context);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    target(context).assertServes();
  }

  private static Target target(ExtensionContext context) {
    Hostile hostile = context.getRequiredTestClass().getAnnotation(Hostile.class);
    var options =
        new Options(
            hostile.heap(),
            Arrays.asList(hostile.jvm()),
            Arrays.asList(hostile.settings()),
            Arrays.asList(hostile.tools()),
            hostile.authorized());
    var store = context.getRoot().getStore(HERE);
    // A target that was killed has failed the test of that attack; later ones get a new target.
    Kept kept = store.get(options, Kept.class);
    if (kept == null || !kept.target().isAlive()) {
      kept = new Kept(start(options));
      store.put(options, kept);
    }
    return kept.target();
  }

  private static Target start(Options options) {
    try {
      return Target.start(
          options.heap(),
          options.jvm(),
          options.settings(),
          options.tools(),
          options.authorized() ? new TestIssuer() : null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
