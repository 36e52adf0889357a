package dev.longhaul.rest.compat;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The queuemgr API.
 *
 * @param enabled Whether POST /api/v1/execute is served; it is guarded as all of /api/v1 is
 * @param defaultTool The tool that add_job runs if the request names none; the default takes
 *     `task_name` and `duration` and only passes the time
 */
@ConfigurationProperties("longhaul.compat.queuemgr")
public record QueuemgrProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue(DEMO) String defaultTool) {
  static final String DEMO = "queuemgr_demo";
}
