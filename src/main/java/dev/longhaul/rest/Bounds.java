package dev.longhaul.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The least and the most that a number in a query may be, or how long a text there may be. {@link
 * StrictQuery} checks it, and the API description says it.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface Bounds {
  int min() default 0;

  int max() default Integer.MAX_VALUE;
}
