/**
 * Longhaul as a resource server of OAuth 2.1: publishes its authorization server (RFC 9728) and
 * verifies access tokens.
 */
@NullMarked
package dev.longhaul.security.oauth;

import org.jspecify.annotations.NullMarked;
