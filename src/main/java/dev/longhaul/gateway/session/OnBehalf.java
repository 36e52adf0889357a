package dev.longhaul.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * For whom a session is opened, where the upstream learns that.
 *
 * @param owner the owner of the jobs whose calls are made in it
 * @param job the only job whose call is made in it; null if calls of all jobs of the owner are
 */
public record OnBehalf(String owner, @Nullable String job) {}
