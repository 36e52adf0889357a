package dev.longhaul.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The body of a request, with a JSON Schema in {@code /schemas}, which is used both to validate it
 * and to describe it in the OpenAPI document. A parameter that is a record gets the body validated
 * and bound. An {@code ObjectNode} gets it unchanged, because the intake validates it. A controller
 * with the request as parameter reads the body by {@link RequestBodies}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonBody {
  /** The resource's name. */
  String value();

  /** Whether a body is required; without a body the parameter is null. */
  boolean required() default true;
}
