/** What a session with an upstream is in each era of the protocol. */
@NullMarked
package dev.longhaul.gateway.session;

import org.jspecify.annotations.NullMarked;
