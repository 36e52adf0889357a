/** Tests of {@link dev.longhaul.testsupport}, written as its users write theirs. */
@NullMarked
package dev.longhaul.testkit;

import org.jspecify.annotations.NullMarked;
