package dev.longhaul.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The body of a request, whose shape is a JSON Schema of {@code /schemas}: the same resource checks
 * it and describes it in the API description. A parameter that is a record gets the body checked
 * and bound; one that is an {@code ObjectNode} gets it as it is, for the intake to check; and a
 * controller that takes the request itself reads it by {@link RequestBodies}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonBody {
  /** The resource's name. */
  String value();

  /** Whether there must be one; without one the parameter is null. */
  boolean required() default true;
}
