/** The server and the client for the public conformance suite; {@code make conformance}. */
@NullMarked
package dev.longhaul.conformance;

import org.jspecify.annotations.NullMarked;
