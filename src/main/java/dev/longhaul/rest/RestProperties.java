package dev.longhaul.rest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The REST front door.
 *
 * @param maxRequestSize The largest request body that is read; a larger one is refused with 413
 * @param keepAlive How often an event stream on which nothing happens says that it is alive
 */
@ConfigurationProperties("longhaul.rest")
public record RestProperties(
    @DefaultValue("10MB") DataSize maxRequestSize, @DefaultValue("15s") Duration keepAlive) {}
