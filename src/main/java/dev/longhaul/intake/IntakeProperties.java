package dev.longhaul.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of what a caller may ask for.
 *
 * @param maxTimeout the longest time-out of one attempt that a request may ask for
 * @param retryUntil how long after submission another attempt of a job may still start
 * @param maxDelay the longest delay before a job may start
 * @param pollInterval how often a waiting request reads its job when nothing told it of a change
 */
@ConfigurationProperties("longhaul.intake")
public record IntakeProperties(
    @DefaultValue("10m") Duration maxTimeout,
    @DefaultValue("30m") Duration retryUntil,
    @DefaultValue("7d") Duration maxDelay,
    @DefaultValue("5s") Duration pollInterval) {}
