package dev.longhaul.hostile;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A class of attacks. Its methods may take the {@link dev.longhaul.hostile.Target} they attack. */
@java.lang.annotation.Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TargetExtension.class)
@Timeout(300)
@interface Hostile {
  /** Settings of the application, {@code name=value}; classes with equal ones share a process. */
  String[] settings() default {};

  /** The heap of the process, as {@code -Xmx} takes it. */
  String heap() default "320m";

  /** Whether access tokens are asked for; {@code Target} then has their issuer. */
  boolean authorized() default false;

  /** Further options of its JVM. */
  String[] jvm() default {};

  /** Auto-configurations with tools, which the process has besides the built-in ones. */
  Class<?>[] tools() default {};
}
