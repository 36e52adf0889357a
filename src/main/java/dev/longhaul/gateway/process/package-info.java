/** The child processes of upstreams that are started by a command. */
@NullMarked
package dev.longhaul.gateway.process;

import org.jspecify.annotations.NullMarked;
