package dev.longhaul.catalog;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of settings that are not Longhaul's.
 *
 * @param known names under {@code longhaul} that belong to a host application, each with all names
 *     below it: they do not stop the start
 */
@ConfigurationProperties("longhaul.settings")
record SettingsProperties(@DefaultValue List<String> known) {}
