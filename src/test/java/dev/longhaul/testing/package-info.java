/** Fixtures for the tests of all packages. */
@NullMarked
package dev.longhaul.testing;

import org.jspecify.annotations.NullMarked;
