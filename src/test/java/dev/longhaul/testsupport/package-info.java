/**
 * Test support for users of Longhaul: a fake dispatcher, an annotation that starts Longhaul, a
 * runner for one tool, a clock that a test moves. Packaged as the jar with the classifier {@code
 * test-support}; docs/testing.md has examples.
 */
@NullMarked
package dev.longhaul.testsupport;

import org.jspecify.annotations.NullMarked;
