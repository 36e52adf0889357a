package dev.longhaul.testsupport;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Creates the {@link LonghaulContext} of a test class with {@link LonghaulTest}. */
final class LonghaulContextFactory implements ContextCustomizerFactory {
  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
    LonghaulTest test =
        TestContextAnnotationUtils.findMergedAnnotation(testClass, LonghaulTest.class);
    return test == null ? null : new LonghaulContext(Set.of(test.tools()));
  }
}
