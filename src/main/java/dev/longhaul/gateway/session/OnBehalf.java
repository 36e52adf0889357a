package dev.longhaul.gateway.session;

/**
 * For whom a session is opened, where the upstream learns that.
 *
 * @param owner the owner of the jobs whose calls are made in it
 */
public record OnBehalf(String owner) {}
