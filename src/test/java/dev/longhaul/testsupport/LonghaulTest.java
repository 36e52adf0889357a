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
 * Starts Longhaul with front doors and worker for the tests of a class, on a random port. All
 * contexts of the JVM share one Redis in a temporary directory, each with a separate namespace. A
 * {@link TestClock} controls the time. It is a {@link SpringBootTest}: the application is the
 * {@code @SpringBootApplication} that Spring Boot finds; beans are injected as usual, among them a
 * {@link LonghaulClient}; contexts of the same configuration are shared between test classes, and
 * stopped with the JVM or by {@code @DirtiesContext}.
 *
 * <p>A jar of tools without an application sets {@code classes = LonghaulApplication.class}.
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

  /** Classes with {@code @McpTool} methods, or configurations, to be added to the application. */
  Class<?>[] tools() default {};

  /** The application's classes, if Spring Boot should not search for them. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
  Class<?>[] classes() default {};

  /** Settings in the form {@code name=value}. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
  String[] properties() default {};
}
