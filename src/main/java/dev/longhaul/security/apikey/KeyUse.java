package dev.longhaul.security.apikey;

import dev.longhaul.security.AuthorizedCaller;

/**
 * A request with a valid API key.
 *
 * @param caller who sends it
 * @param name the name of the key
 * @param generation its generation
 * @param digest the digest of the secret that the request had
 */
public record KeyUse(AuthorizedCaller caller, String name, String generation, String digest) {}
