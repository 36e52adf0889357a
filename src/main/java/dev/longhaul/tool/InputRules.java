package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Rules for a tool's arguments as a whole, in addition to Spring AI's {@code @McpTool} on the same
 * method. Spring AI generates a schema for each argument only, and accepts arguments that the
 * method does not have, so that a misspelt one is silently ignored.
 *
 * <pre>{@code
 * @McpTool(name = "profile_dataset")
 * @InputRules(exactlyOneOf = {"path", "content"})
 * Profile profile(@Nullable String path, @Nullable String content) { … }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface InputRules {

  /** Whether a call with an argument that the method does not have is refused. */
  boolean closed() default true;

  /** Optional arguments of which a call must give exactly one; none, or at least two names. */
  String[] exactlyOneOf() default {};
}
