package dev.longhaul.queue;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Batches and chains.
 *
 * @param maxChildren how many children a batch or chain may have
 * @param maxStaging how long the children of a batch or chain may take to be stored; then it is
 *     cancelled
 */
@ConfigurationProperties("longhaul.flows")
public record FlowProperties(
    @DefaultValue("100000") int maxChildren, @DefaultValue("1h") Duration maxStaging) {}
