/**
 * Callers bring an access token of an authorization server. Longhaul is the resource server of
 * OAuth 2.1: it publishes where tokens come from (RFC 9728) and checks each one.
 */
@NullMarked
package dev.longhaul.security.oauth;

import org.jspecify.annotations.NullMarked;
