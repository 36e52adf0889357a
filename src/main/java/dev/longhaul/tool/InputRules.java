package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a tool's input schema says of its arguments together, beside Spring AI's {@code @McpTool} on
 * the same method. Spring AI makes a schema that says only what each argument is, and takes
 * arguments that the method does not have: a misspelt one is then silently left out.
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
