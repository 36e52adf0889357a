/**
 * JSON Schemas, compiled and checked within bounds: whoever sends a request may also have written
 * the schema's pattern. Each violation has its place and what to do about it.
 */
@ApplicationModule(
    displayName = "schema",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.schema;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
