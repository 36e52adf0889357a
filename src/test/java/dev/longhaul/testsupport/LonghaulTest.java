package dev.longhaul.testsupport;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextCustomizerFactories;

/**
 * Boots the whole of Longhaul for the tests of a class, front doors and worker, on a random port
 * and in a namespace of its own of a Redis that lives as long as the JVM, in a temporary directory.
 * A {@link TestClock} moves the time of all of it. It is a {@link SpringBootTest}: the application
 * is the {@code @SpringBootApplication} that Spring Boot finds as usual; beans are injected as
 * usual, a {@link LonghaulClient} among them; contexts of the same configuration are shared between
 * test classes, and stopped with the JVM or by {@code @DirtiesContext}.
 *
 * <p>A jar of tools has no application of its own: say {@code classes = LonghaulApplication.class}.
 *
 * <pre>{@code
 * @LonghaulTest(tools = ReportTools.class, properties = "longhaul.tools.report.timeout=5s")
 * class ReportToolsTest {
 *   @Autowired LonghaulClient longhaul;
 *
 *   @Test
 *   void reportsAMonth() {
 *     assertEquals("12 orders", longhaul.call("report", Map.of("month", "2026-10")).text());
 *   }
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextCustomizerFactories(LonghaulContextFactory.class)
public @interface LonghaulTest {

  /** Classes with {@code @McpTool} methods, or configurations, that join the application. */
  Class<?>[] tools() default {};

  /** The application's classes, if Spring Boot is not to look for them. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
  Class<?>[] classes() default {};

  /** Settings as {@code name=value}. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
  String[] properties() default {};
}
