/**
 * What users of Longhaul test their own code with: a fake dispatcher, an annotation that boots
 * Longhaul, a runner for one tool, a clock that a test moves. Packed into the jar with the
 * classifier {@code test-support}; docs/testing.md shows each.
 */
@NullMarked
package dev.longhaul.testsupport;

import org.jspecify.annotations.NullMarked;
