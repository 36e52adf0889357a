/**
 * The schemas of requests, one JSON Schema each in {@code /schemas}. They are used to validate
 * requests in all front doors, to bind them to records, and to generate the OpenAPI document, the
 * input schemas of Longhaul's tools and the tables of the documentation.
 */
@NamedInterface("request")
@NullMarked
package dev.longhaul.intake.request;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
