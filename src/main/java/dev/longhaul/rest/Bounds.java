package dev.longhaul.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The least and the greatest value of a number in a query, or the length of a text. {@link
 * StrictQuery} checks it, and the API description contains it.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface Bounds {
  int min() default 0;

  int max() default Integer.MAX_VALUE;
}
