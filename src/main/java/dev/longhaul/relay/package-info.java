/**
 * MCP on standard input and output for clients that only start commands: a relay to a Longhaul over
 * HTTP, which it starts if that is asked of it. It runs in a process of its own that shall start
 * quickly, so it uses the JDK and Jackson's parser only.
 */
@ApplicationModule(
    displayName = "relay",
    allowedDependencies = {"thread"})
@NullMarked
package dev.longhaul.relay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
