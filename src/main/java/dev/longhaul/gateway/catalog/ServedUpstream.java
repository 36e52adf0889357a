package dev.longhaul.gateway.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is served of an upstream.
 *
 * @param era {@code modern} or {@code legacy}
 * @param version the version of the protocol
 * @param server its own name and version, or null
 * @param tools the names under which its tools are served
 * @param leftOut what is not served, and why
 * @param resources how many resources and templates it has
 * @param prompts how many prompts it has
 * @param changes which of its tools have changed since they were first known
 */
public record ServedUpstream(
    String era,
    String version,
    @Nullable String server,
    List<String> tools,
    List<LeftOut> leftOut,
    int resources,
    int prompts,
    List<String> changes) {

  static ServedUpstream of(Snapshot.OfUpstream of) {
    Published.About about = of.published().about();
    Published.Lists lists = of.published().lists();
    String name = about.info().path("name").asString("");
    String version = about.info().path("version").asString("");
    return new ServedUpstream(
        about.era(),
        about.version(),
        name.isEmpty() ? null : (name + " " + version).strip(),
        of.tools(),
        of.leftOut(),
        lists.resources().size() + lists.templates().size(),
        lists.prompts().size(),
        of.published().changes());
  }
}
