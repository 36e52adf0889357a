package dev.longhaul.gateway.catalog;

import dev.longhaul.gateway.config.ToolRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@link Published} as JSON. Numbers in the upstream's entries stay exactly as they came.
 */
final class PublishedCodec {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
              DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private PublishedCodec() {}

  static String text(Published of) {
    ObjectNode json = JSON.createObjectNode();
    json.put("upstream", of.upstream()).put("position", of.position()).put("digest", of.digest());
    json.put("queue", of.queue()).put("url", of.url()).put("trusted", of.trusted());
    json.put("identity", of.identity());
    ObjectNode rules = json.putObject("rules").put("pin", of.rules().pin());
    of.rules().allow().forEach(rules.putArray("allow")::add);
    of.rules().deny().forEach(rules.putArray("deny")::add);
    of.rules().rename().forEach(rules.putObject("rename")::put);
    ObjectNode about = json.putObject("about");
    about.put("era", of.about().era()).put("version", of.about().version());
    about.set("info", of.about().info());
    about.set("capabilities", of.about().capabilities());
    Published.Lists lists = of.lists();
    lists.tools().forEach(json.putArray("tools")::add);
    lists.resources().forEach(json.putArray("resources")::add);
    lists.templates().forEach(json.putArray("templates")::add);
    lists.prompts().forEach(json.putArray("prompts")::add);
    json.put("more", lists.more());
    of.changes().forEach(json.putArray("changes")::add);
    return JSON.writeValueAsString(json);
  }

  static Published published(String text) {
    JsonNode json = JSON.readTree(text);
    JsonNode rules = json.path("rules");
    Map<String, String> rename = new HashMap<>();
    rules
        .path("rename")
        .properties()
        .forEach(entry -> rename.put(entry.getKey(), entry.getValue().asString()));
    JsonNode about = json.path("about");
    return new Published(
        json.path("upstream").asString(),
        json.path("position").asInt(),
        json.path("digest").asString(),
        json.path("queue").stringValue(null),
        json.path("url").asBoolean(),
        json.path("trusted").asBoolean(),
        json.path("identity").stringValue(null),
        new ToolRules(
            texts(rules.path("allow")),
            texts(rules.path("deny")),
            rename,
            rules.path("pin").asBoolean()),
        new Published.About(
            about.path("era").asString(),
            about.path("version").asString(),
            object(about.path("info")),
            object(about.path("capabilities"))),
        new Published.Lists(
            objects(json.path("tools")),
            objects(json.path("resources")),
            objects(json.path("templates")),
            objects(json.path("prompts")),
            json.path("more").asInt()),
        texts(json.path("changes")));
  }

  /** The entries as they are read again, so that equal ones are equal however they came. */
  static List<ObjectNode> normal(List<ObjectNode> entries) {
    return entries.stream().map(each -> object(JSON.readTree(each.toString()))).toList();
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static List<ObjectNode> objects(JsonNode array) {
    return array.valueStream().map(PublishedCodec::object).toList();
  }

  private static ObjectNode object(JsonNode node) {
    return node instanceof ObjectNode object ? object : JSON.createObjectNode();
  }
}
