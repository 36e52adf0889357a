/**
 * JSON Schemas, compiled and checked within bounds, because schemas and values may be untrusted.
 * Each violation has its place. Also the headers that repeat marked arguments.
 */
@ApplicationModule(
    displayName = "schema",
    allowedDependencies = {})
@NullMarked
package dev.longhaul.schema;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
