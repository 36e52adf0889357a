/**
 * JSON Schemas, compiled and checked within bounds: schemas and values may come from anybody. Each
 * violation has its place.
 */
@ApplicationModule(
    displayName = "schema",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.schema;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
