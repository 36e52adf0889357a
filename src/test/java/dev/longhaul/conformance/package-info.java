/** The server that the public conformance suite is run against; {@code make conformance}. */
@NullMarked
package dev.longhaul.conformance;

import org.jspecify.annotations.NullMarked;
