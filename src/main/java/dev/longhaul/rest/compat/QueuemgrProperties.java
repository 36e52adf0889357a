package dev.longhaul.rest.compat;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The queuemgr API.
 *
 * @param enabled Whether POST /api/v1/execute is served; it needs the same credentials as the rest
 *     of /api/v1
 * @param defaultTool The tool that add_job runs if the request names none; the default takes {@code
 *     task_name} and {@code duration} and only waits
 */
@ConfigurationProperties("longhaul.compat.queuemgr")
public record QueuemgrProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue(DEMO) String defaultTool) {
  static final String DEMO = "queuemgr_demo";
}
