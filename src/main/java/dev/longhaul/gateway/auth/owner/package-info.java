/** How an upstream learns for whom a call is made: signed statements about owners of jobs. */
@NullMarked
package dev.longhaul.gateway.auth.owner;

import org.jspecify.annotations.NullMarked;
