package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a session is opened with.
 *
 * @param peers opens its connection
 * @param config the upstream
 * @param listener hears of what it follows
 * @param capabilities what a legacy upstream may be told that its client can be asked
 * @param behalf for whom it is opened; null for nobody in particular
 * @param client the name and version of this client
 * @param limits bounds
 * @param hints what is known of the upstream's tools
 * @param versions the modern versions of the protocol that can be spoken, the preferred one first
 * @param otherEra called when the upstream no longer speaks the era of the session
 */
record Setup(
    PeerOpener peers,
    UpstreamConfig config,
    SessionListener listener,
    ObjectNode capabilities,
    @Nullable OnBehalf behalf,
    ObjectNode client,
    SessionLimits limits,
    ToolHints hints,
    List<String> versions,
    Runnable otherEra) {

  boolean http() {
    return config.connection() instanceof Connection.Url;
  }

  /** Whether each request has a stream of its own, so that what comes on it belongs to it. */
  boolean streams(HttpKind transport) {
    return http() && transport != HttpKind.SSE;
  }

  /** Whether what names no call can only be about the one that is under way. */
  boolean oneAtATime() {
    return config.session() == SessionScope.CALLER;
  }
}
