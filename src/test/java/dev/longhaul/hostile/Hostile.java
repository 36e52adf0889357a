package dev.longhaul.hostile;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks a class of attacks, whose methods may have a {@link dev.longhaul.hostile.Target}. */
@java.lang.annotation.Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TargetExtension.class)
@Timeout(300)
@interface Hostile {
  /** Settings in the form {@code name=value}; classes with equal settings share a process. */
  String[] settings() default {};

  /** The heap of the process, in the form of {@code -Xmx}. */
  String heap() default "320m";

  /** Whether access tokens are required; {@code Target} then has their issuer. */
  boolean authorized() default false;

  /** Further options of the JVM. */
  String[] jvm() default {};

  /** Auto-configurations with further tools. */
  Class<?>[] tools() default {};
}
