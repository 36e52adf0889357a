/** Tests of {@link dev.longhaul.testsupport}, written like tests of its users. */
@NullMarked
package dev.longhaul.testkit;

import org.jspecify.annotations.NullMarked;
