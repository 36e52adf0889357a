/** What tests of every room share. */
@NullMarked
package dev.longhaul.testing;

import org.jspecify.annotations.NullMarked;
