package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RequestContext;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.CacheScope;
import dev.longhaul.tool.Client;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Two calls have the same key exactly if they may share a result. */
class CacheKeysTest {
  private static final Logger log = LoggerFactory.getLogger(CacheKeysTest.class);
  private static final Caller ZOE = new Caller("zoe");
  private static final Caller ANNA = new Caller("anna");

  private final CacheKeys keys = new CacheKeys(Tools.JSON);

  @Test
  void keysAreEqualIfAndOnlyIfCallsAre() {
    long seed = System.nanoTime();
    log.info("seed {}", seed);
    Random random = new Random(seed);
    Map<String, JsonNode> byKey = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      ObjectNode arguments = object(random, 3);
      String key = key(arguments);
      assertThat(key(shuffled(arguments, random))).as("seed %d", seed).isEqualTo(key);
      JsonNode before = byKey.putIfAbsent(key, plain(arguments));
      if (before != null) {
        assertThat(plain(arguments)).as("seed %d", seed).isEqualTo(before);
      }
    }
    assertThat(byKey).hasSizeGreaterThan(500);
  }

  private String key(ObjectNode arguments) {
    return keys.tool("report", call(ZOE, arguments), CacheScope.CALLER).call();
  }

  private static Submission call(Caller caller, ObjectNode arguments) {
    ObjectNode params = Tools.object("{\"name\":\"report\"}");
    params.set("arguments", arguments);
    return Submission.toolCall(caller, params);
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = Tools.object("{}");
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(List.of("a", "b", "ab", "a.b", "").get(random.nextInt(5)), any(random, depth));
    }
    return object;
  }

  private static JsonNode any(Random random, int depth) {
    var nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> nodes.numberNode(random.nextInt(3));
      case 1 -> nodes.stringNode(List.of("", "1", "a,b", "{}").get(random.nextInt(4)));
      case 2 -> nodes.booleanNode(random.nextBoolean());
      case 3 -> nodes.nullNode();
      case 4 -> nodes.numberNode(random.nextInt(3) / 2.0);
      case 5 -> object(random, depth - 1);
      default -> {
        var array = nodes.arrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          array.add(any(random, depth - 1));
        }
        yield array;
      }
    };
  }

  /** An equal call with another order of fields and another notation of numbers. */
  private static JsonNode other(JsonNode node, Random random) {
    if (node instanceof ObjectNode object) {
      return shuffled(object, random);
    }
    if (node.isArray()) {
      var array = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> array.add(other(item, random)));
      return array;
    }
    return node.isNumber() && random.nextBoolean()
        ? JsonNodeFactory.instance.numberNode(node.doubleValue())
        : node;
  }

  private static ObjectNode shuffled(ObjectNode object, Random random) {
    List<String> names = new ArrayList<>(object.propertyNames());
    Collections.shuffle(names, random);
    ObjectNode copy = Tools.object("{}");
    names.forEach(name -> copy.set(name, other(object.get(name), random)));
    return copy;
  }

  /** A normal form of a call, in which equal numbers have equal texts. */
  private static JsonNode plain(JsonNode node) {
    return other(
        node,
        new Random() {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean nextBoolean() {
            return true;
          }
        });
  }

  @Test
  void anAnswerIsItsOwnersUnlessItIsEverybodys() {
    Submission zoes = call(ZOE, Tools.object("{}"));
    Submission annas = call(ANNA, Tools.object("{}"));
    assertThat(keys.tool("report", zoes, CacheScope.CALLER))
        .isNotEqualTo(keys.tool("report", annas, CacheScope.CALLER));
    CacheKey shared = keys.tool("report", zoes, CacheScope.SHARED);
    assertThat(shared).isEqualTo(keys.tool("report", annas, CacheScope.SHARED));
    assertThat(shared).isNotEqualTo(keys.tool("report", zoes, CacheScope.CALLER));
    // The result may be shared with all callers, but not the run: others would see its job.
    assertThat(keys.flight(zoes, shared)).isNotEqualTo(keys.flight(annas, shared));
  }

  @Test
  void noOwnerCanBeCalledSoThatHeGetsWhatIsEverybodys() {
    for (String name : List.of("", "shared", "caller zoe")) {
      Submission call = call(new Caller(name), Tools.object("{}"));
      assertThat(keys.tool("report", call, CacheScope.CALLER))
          .isNotEqualTo(keys.tool("report", call, CacheScope.SHARED))
          .isNotEqualTo(keys.tool("report", call(ZOE, Tools.object("{}")), CacheScope.CALLER));
    }
  }

  @Test
  void whatAToolCanSeeOfItsClientMakesAVariant() throws Exception {
    Submission plain = call(ZOE, Tools.object("{}"));
    Submission asked =
        plain.of(
            new Client(
                "2026-07-28", Tools.object("{\"elicitation\":{}}"), null, null, null, Map.of()));
    Submission named =
        plain.of(new Client("2026-07-28", Tools.object("{}"), "x", "1", "debug", Map.of()));
    assertThat(cacheKey(asked)).isNotEqualTo(cacheKey(plain));
    assertThat(cacheKey(asked).call()).isEqualTo(cacheKey(plain).call());
    assertThat(cacheKey(named)).isEqualTo(cacheKey(plain));
    var german = new RequestContext("r-1", null, "de", Map.of(), null);
    assertThat(german.call(() -> cacheKey(plain))).isNotEqualTo(cacheKey(plain));
    var request = new RequestContext("r-2", null, null, Map.of(), null);
    assertThat(request.call(() -> cacheKey(plain))).isEqualTo(cacheKey(plain));

    ObjectNode params = plain.params().deepCopy();
    params.putObject("_meta").put("traceparent", "00-1").put("dev.longhaul/priority", "high");
    assertThat(cacheKey(Submission.toolCall(ZOE, params))).isEqualTo(cacheKey(plain));
    params.withObject("_meta").put("com.example/tenant", "7");
    assertThat(cacheKey(Submission.toolCall(ZOE, params))).isNotEqualTo(cacheKey(plain));
  }

  private CacheKey cacheKey(Submission submission) {
    return keys.tool("report", submission, CacheScope.CALLER);
  }

  @Test
  void aRunIsSharedByThoseWhoAskForItInTheSameWay() {
    Submission plain = call(ZOE, Tools.object("{}"));
    Submission urgent = plain.with(JobOptions.builder().priority(Priority.URGENT).build());
    assertThat(keys.flight(plain, cacheKey(plain))).isEqualTo(keys.flight(plain, cacheKey(plain)));
    assertThat(keys.flight(urgent, cacheKey(urgent)))
        .isNotEqualTo(keys.flight(plain, cacheKey(plain)));
    assertThat(cacheKey(urgent)).isEqualTo(cacheKey(plain));
  }

  @Test
  void aToolThatIsCalledLikeAResourceIsNoResource() {
    assertThat(CacheKeys.name("report://1")).isNotEqualTo("report://1");
  }
}
