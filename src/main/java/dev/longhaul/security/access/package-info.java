/**
 * Requires a sufficient credential with every request: an access token ({@code security.oauth}) or
 * an API key ({@code security.apikey}).
 */
@NullMarked
package dev.longhaul.security.access;

import org.jspecify.annotations.NullMarked;
