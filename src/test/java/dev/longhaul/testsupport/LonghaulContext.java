package dev.longhaul.testsupport;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.queue.redis.ScriptPrelude;
import dev.longhaul.testsupport.redis.RedisTime;
import dev.longhaul.testsupport.redis.SharedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Configures a test context for {@link LonghaulTest}. Equal objects share a context.
 *
 * @param tools classes to be added to the application
 */
record LonghaulContext(Set<Class<?>> tools) implements ContextCustomizer {
  // The test has one process in all roles, whatever the application's settings in production.
  private static final Map<String, Object> SETTINGS =
      Map.of("longhaul.role", "all", "server.address", "127.0.0.1");

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    MutablePropertySources sources = context.getEnvironment().getPropertySources();
    Map<String, Object> its = new HashMap<>(SETTINGS);
    its.put("longhaul.namespace", "test-" + UUID.randomUUID());
    var settings = new MapPropertySource("longhaulTest", its);
    // Overrides the application's settings, but not those of the test.
    String inlined = TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME;
    if (sources.contains(inlined)) {
      sources.addAfter(inlined, settings);
    } else {
      sources.addFirst(settings);
    }
    if (List.of(configuration.getClasses()).contains(LonghaulApplication.class)) {
      defaults().forEach(sources::addLast);
    }
    if (!(context instanceof GenericApplicationContext generic)) {
      throw new IllegalStateException(
          "@LonghaulTest needs a context that takes beans, not a " + context.getClass().getName());
    }
    addBeans(generic);
  }

  // Set by main(), which tests do not call.
  private static List<PropertySource<?>> defaults() {
    var file = new ClassPathResource("longhaul-defaults.yml");
    try {
      return new YamlPropertySourceLoader().load("longhaulDefaults", file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addBeans(GenericApplicationContext context) {
    context.registerBean(
        "longhaulTestRedis",
        SharedRedis.class,
        SharedRedis::new,
        definition -> definition.setDestroyMethodName("close"));
    // Connection details given as a bean override spring.data.redis.*.
    context.registerBean(
        "longhaulTestRedisConnectionDetails",
        DataRedisConnectionDetails.class,
        () -> context.getBean(SharedRedis.class).connectionDetails(),
        LonghaulContext::stoppedBeforeRedis);
    // A clock that the test defines is used instead.
    context.registerBean(
        "longhaulTestClock",
        TestClock.class,
        TestClock::running,
        definition -> definition.setFallback(true));
    context.registerBean("longhaulTestPrelude", ScriptPrelude.class, () -> RedisTime.PRELUDE);
    context.registerBean(
        "longhaulTestTime",
        RedisTime.class,
        () ->
            new RedisTime(
                context.getBean(RedisConnectionFactory.class),
                context.getEnvironment(),
                context.getBean(TestClock.class)));
    context.registerBean(
        "longhaulClient", LonghaulClient.class, () -> new LonghaulClient(context.getEnvironment()));
    var reader = new AnnotatedBeanDefinitionReader((BeanDefinitionRegistry) context);
    byName().forEach(reader::register);
  }

  private static void stoppedBeforeRedis(BeanDefinition definition) {
    definition.setDependsOn("longhaulTestRedis");
  }

  // Sorted, so that the order of the beans does not vary.
  private Stream<Class<?>> byName() {
    return tools.stream().sorted(Comparator.comparing(Class::getName));
  }
}
