/**
 * The shapes of requests: one JSON Schema each in {@code /schemas}, from which come the checks of
 * every front door, the records they are bound to, the description of the REST API, the input
 * schemas of Longhaul's own tools and the tables of the documentation.
 */
@NamedInterface("request")
@NullMarked
package dev.longhaul.intake.request;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
