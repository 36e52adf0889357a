package dev.longhaul.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.Completion;
import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.Entry;
import dev.longhaul.gateway.config.ToolRules;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.config.UpstreamConfig.QuestionRule;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Progress;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.testing.FakeUpstreams;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.node.ObjectNode;

/** What is found out of upstreams, and what of it is served. */
class DiscoveryTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeUpstreams upstreams = new FakeUpstreams();
  private final MemoryStore store = new MemoryStore();
  private final Map<String, Object> settings = new HashMap<>();
  private final RegisteredTools tools = new RegisteredTools();
  private final RegisteredPrimitives primitives = new RegisteredPrimitives();
  private final List<Change> changes = new CopyOnWriteArrayList<>();
  private final List<Member> processes = new ArrayList<>();

  /** What a process has. */
  private record Member(UpstreamCatalogue catalogue, Discovery discovery) {}

  private Member process() {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    UpstreamCatalogue catalogue =
        UpstreamCatalogue.of(
            store,
            tools,
            primitives,
            new ToolPolicies(environment),
            () -> upstreams,
            new TestChanges(),
            true);
    Member process = new Member(catalogue, new Discovery(upstreams, catalogue, Clock.systemUTC()));
    process.discovery().start();
    processes.add(process);
    catalogue.refresh(); // as at the start
    return process;
  }

  @AfterEach
  void close() {
    processes.forEach(process -> {
      process.discovery().close();
      process.catalogue().close();
    });
  }

  private static Entry entry(String name, Connection connection, ToolRules rules, boolean trust) {
    return new Entry(
        name,
        "test",
        new UpstreamConfig(
            name,
            connection,
            rules,
            trust,
            SessionScope.SHARED,
            QuestionRule.CLIENT,
            1,
            false,
            Duration.ofSeconds(60)),
        Entry.State.USED,
        null);
  }

  private static Entry stdio(String name, ToolRules rules) {
    return entry(name, new Connection.Command(List.of(name), Map.of(), null), rules, false);
  }

  private static Entry stdio(String name) {
    return stdio(name, ToolRules.ALL);
  }

  private static Entry url(String name, boolean trust) {
    var url = new Connection.Url(URI.create("http://" + name + "/"), HttpKind.DETECTED, Map.of());
    return entry(name, url, ToolRules.ALL, trust);
  }

  /** Lists as a client does, once all was looked at. */
  private static List<String> names(Member process) {
    await().atMost(LIMIT).until(process.catalogue()::isFirstDone);
    return process.catalogue().tools().all().stream().map(Tool::name).toList();
  }

  private static AttemptContext context() {
    return new AttemptContext(
        "the-id",
        1,
        "local",
        Instant.MAX,
        Clock.systemUTC(),
        Tools.JSON,
        new AttemptContext.Sink() {
          @Override
          public void progress(Progress progress) {}

          @Override
          public void log(JobLog log) {}
        });
  }

  private static ServedUpstream served(Member process, String upstream) {
    return Objects.requireNonNull(process.catalogue().upstreams().get(upstream));
  }

  private static String run(Tool tool) throws Exception {
    return tool.handler()
        .call(new ToolCall(tool.name(), Tools.object("{}"), Tools.object("{}"), context()))
        .path("content")
        .path(0)
        .path("text")
        .asString();
  }

  @Test
  void toolsAreServedInTheOrderOfTheConfiguration() throws Exception {
    tools.register(Tools.queued("greet", _ -> Tools.text("own")));
    upstreams.server("web").tool("search", "web's").tool("greet", "web's");
    upstreams.server("files").tool("search", "files'").tool("run_chain", "files'");
    Member process = process();
    process.discovery().configured(List.of(stdio("files"), url("web", false)));
    assertThat(names(process))
        .containsExactly("search", "files_run_chain", "web_search", "web_greet");
    Tool search = process.catalogue().tools().find("search").orElseThrow();
    assertThat(search.id()).isEqualTo("files/search");
    assertThat(search.description().path("description").asString()).isEqualTo("files'");
    assertThat(run(search)).isEqualTo("files ran search NO");
    assertThat(search.policy().queue()).isEqualTo("upstream.files");
    assertThat(search.policy().retry().repeatable()).isFalse();
    Tool other = process.catalogue().tools().runnable("web/search").orElseThrow();
    assertThat(other.policy().queue()).isEqualTo("default");
    assertThat(process.catalogue().tools().find("files_search")).contains(search);
    assertThat(process.catalogue().tools().find("greet")).isEmpty();
    assertThat(upstreams.configured).containsExactly("files", "web");
  }

  @Test
  void aToolWhoseTaskIsFollowedIsNotRepeatableForThat() throws Exception {
    upstreams.server("web").tool("write", "").tasks = true;
    Member process = process();
    process.discovery().configured(List.of(url("web", false)));
    assertThat(names(process)).containsExactly("write");
    Tool write = process.catalogue().tools().find("write").orElseThrow();
    assertThat(run(write)).endsWith("FOLLOW");
    assertThat(write.policy().retry().repeatable()).isFalse();
  }

  @Test
  void unknownUpstreamsAreLookedAtFourAtATimeAndAListWaitsAMoment() {
    CountDownLatch gate = new CountDownLatch(1);
    List<Entry> entries = IntStream.range(0, 9).mapToObj(i -> stdio("u" + i)).toList();
    entries.forEach(each -> {
      upstreams.server(each.name()).tool("tool_" + each.name(), "");
      upstreams.server(each.name()).gate = gate;
    });
    Member process = process();
    process.discovery().configured(entries);
    await().atMost(LIMIT).until(() -> upstreams.atOnce.get() == 4);
    assertThat(process.catalogue().isFirstDone()).isFalse();
    gate.countDown();
    process.catalogue().tools().awaitFirst();
    assertThat(names(process)).hasSize(9);
    assertThat(upstreams.mostAtOnce).hasValue(4);
    assertThat(changes).contains(new Change.Tools());
  }

  @Test
  void whatIsKnownIsServedAtOnceAfterARestart() {
    upstreams.server("files").tool("read", "reads");
    process().discovery().configured(List.of(stdio("files")));
    await().atMost(LIMIT).until(() -> names(processes.getFirst()).contains("read"));
    upstreams.server("files").gate = new CountDownLatch(1);
    Member again = process();
    again.discovery().configured(List.of(stdio("files")));
    assertThat(again.catalogue().isFirstDone()).isTrue();
    assertThat(names(again)).containsExactly("read");
    upstreams.server("files").tool("write", "writes").gate.countDown();
    await().atMost(LIMIT).until(() -> names(again).contains("write"));
    assertThat(names(processes.getFirst())).as("the other process").contains("write");
  }

  @Test
  void aProcessThatRunsNoneServesWhatWorkersHaveStored() {
    upstreams.server("files").tool("read", "reads");
    Member api = process();
    assertThat(names(api)).isEmpty();
    process()
        .discovery()
        .configured(List.of(stdio("files", rules(List.of(), Map.of("read", "cat")))));
    await().atMost(LIMIT).until(() -> names(api).equals(List.of("cat")));
    assertThat(api.catalogue().tools().runnable("files/read")).isPresent();
  }

  private static ToolRules rules(List<String> deny, Map<String, String> rename) {
    return new ToolRules(List.of(), deny, rename);
  }

  @Test
  void aWorkerRunsOnlyWhatItHasConfigured() {
    upstreams.server("files").tool("read", "reads");
    Member first = process();
    first.discovery().configured(List.of(stdio("files")));
    Member other = process();
    other.discovery().configured(List.of(stdio("mail")));
    await().atMost(LIMIT).until(() -> names(other).contains("read"));
    assertThat(other.catalogue().tools().runnable("files/read")).isEmpty();
    assertThat(first.catalogue().tools().runnable("files/read")).isPresent();
  }

  @Test
  void whatCannotBeServedIsNamedWithTheReason() {
    settings.put("longhaul.tools.limited.rate", "often");
    upstreams
        .server("files")
        .tool("read", "reads")
        .tool("secret", "denied")
        .tool("limited", "has a wrong setting")
        .tool(Tools.object("{\"name\": \"list\", \"inputSchema\": {\"type\": \"array\"}}"))
        .tool(Tools.object("{\"name\": \"read\", \"inputSchema\": {\"type\": \"object\"}}"));
    Member process = process();
    process.discovery().configured(List.of(stdio("files", rules(List.of("sec*"), Map.of()))));
    assertThat(names(process)).containsExactly("read");
    Map<String, String> reasons = new HashMap<>();
    served(process, "files").leftOut().forEach(each -> reasons.put(each.name(), each.reason()));
    assertThat(reasons.get("secret")).contains("tools.deny");
    assertThat(reasons.get("list")).contains("not the type object");
    assertThat(reasons.get("read")).contains("two tools of this name");
    assertThat(reasons.get("limited")).contains("longhaul.tools.limited.rate is 'often'");
  }

  @Test
  void aChangeOfAKnownToolIsReportedAndCanBePinned() {
    upstreams.server("files").tool("read", "reads");
    upstreams.server("pinned").tool("look", "looks");
    List<Entry> entries =
        List.of(
            stdio("files"), stdio("pinned", new ToolRules(List.of(), List.of(), Map.of(), true)));
    Member process = process();
    process.discovery().configured(entries);
    assertThat(names(process)).containsExactly("read", "look");
    changes.clear();
    upstreams.server("files").tool("read", "deletes").tool("more", "");
    upstreams.server("pinned").tool("look", "deletes").tool("other", "");
    upstreams.changed("files");
    upstreams.changed("pinned");
    await().atMost(LIMIT).until(() -> names(process).containsAll(List.of("more", "other")));
    assertThat(changes).contains(new Change.Tools());
    assertThat(description(process, "read")).isEqualTo("deletes");
    assertThat(description(process, "look")).isEqualTo("looks");
    assertThat(served(process, "files").changes())
        .singleElement()
        .asString()
        .endsWith("read: description");
    upstreams.changed("pinned");
    int looks = upstreams.server("pinned").looks.get();
    await().atMost(LIMIT).until(() -> upstreams.server("pinned").looks.get() >= looks);
    assertThat(served(process, "pinned").changes())
        .singleElement()
        .asString()
        .endsWith("look: description (pinned)");
  }

  private static String description(Member process, String tool) {
    return process
        .catalogue()
        .tools()
        .find(tool)
        .orElseThrow()
        .description()
        .path("description")
        .asString();
  }

  @Test
  void hintsAreBelievedOnlyOfATrustedUpstreamAndSettingsAlways() throws Exception {
    settings.put("longhaul.upstreams.web.tools.policies.once.repeatable", "true");
    settings.put("longhaul.upstreams.web.tools.policies.once.timeout", "7s");
    settings.put("longhaul.tools.once.timeout", "9s");
    for (String name : List.of("web", "trusted")) {
      ObjectNode hinted =
          Tools.object(
              "{\"inputSchema\": {\"type\": \"object\"}, \"annotations\": {\"readOnlyHint\":"
                  + " true}}");
      upstreams.server(name).tool(hinted.put("name", "look_" + name)).tool("once_" + name, "");
    }
    upstreams.server("web").tool("once", "");
    Member process = process();
    process.discovery().configured(List.of(url("web", false), url("trusted", true)));
    assertThat(names(process)).hasSize(5);
    assertThat(run(tool(process, "look_web"))).endsWith("NO");
    assertThat(run(tool(process, "look_trusted"))).endsWith("YES");
    assertThat(run(tool(process, "once_trusted"))).endsWith("NO");
    Tool once = tool(process, "once");
    assertThat(run(once)).endsWith("YES");
    assertThat(once.policy().timeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(once.description().path("annotations").isMissingNode()).isTrue();
    assertThat(tool(process, "look_web").description().at("/annotations/readOnlyHint").asBoolean())
        .isTrue();
  }

  private static Tool tool(Member process, String name) {
    return process.catalogue().tools().find(name).orElseThrow();
  }

  @Test
  void anUpstreamThatAnnouncesChangesAtEveryLookIsAskedLessAndLessOften() {
    List<Long> looks = new CopyOnWriteArrayList<>();
    upstreams.server("noisy").tool("read", "reads").looked =
        () -> {
          looks.add(System.nanoTime());
          upstreams.changed("noisy");
        };
    process().discovery().configured(List.of(stdio("noisy")));
    await().atMost(LIMIT).until(() -> looks.size() >= 8); // the first few at once: LookPaceTest
    assertThat(looks.get(6) - looks.get(5)).isGreaterThanOrEqualTo(1_000_000_000L);
    assertThat(looks.get(7) - looks.get(6)).isGreaterThanOrEqualTo(2_000_000_000L);
    assertThat(upstreams.atOnce).as("places that are held meanwhile").hasValue(0);
  }

  @Test
  void onePoisonedUpstreamDoesNotTouchAnother() {
    upstreams.server("bad").failure = "the process ended with code 1";
    upstreams.server("good").tool("read", "reads");
    Member process = process();
    process.discovery().configured(List.of(stdio("bad"), stdio("good")));
    assertThat(names(process)).containsExactly("read");
    assertThat(process.discovery().error("bad")).isEqualTo("the process ended with code 1");
    upstreams.server("bad").failure = null;
    upstreams.server("bad").tool("late", "");
    upstreams.changed("bad");
    await().atMost(LIMIT).until(() -> names(process).contains("late"));
    await().atMost(LIMIT).until(() -> process.discovery().error("bad") == null);
  }

  @Test
  void whatTheProcessThatHadAnUpstreamDidNotLearnIsLearntLater() {
    upstreams.server("files").tool("read", "reads").elsewhere = true;
    Member process = process();
    process.discovery().configured(List.of(stdio("files")));
    assertThat(names(process)).isEmpty();
    upstreams.server("files").elsewhere = false; // the other one has ended
    await().atMost(LIMIT).until(() -> names(process).contains("read"));
  }

  @Test
  void anUpstreamThatIsSwitchedOffIsNotServedUntilItIsOnAgain() {
    upstreams.server("files").tool("read", "reads");
    List<Entry> entries = List.of(stdio("files"));
    Member process = process();
    process.discovery().configured(entries);
    assertThat(names(process)).containsExactly("read");
    store.switchOff("files", true);
    process.catalogue().refresh();
    process.discovery().configured(entries);
    assertThat(names(process)).isEmpty();
    assertThat(upstreams.configured).isEmpty();
    store.switchOff("files", false);
    process.catalogue().refresh();
    process.discovery().configured(entries);
    assertThat(names(process)).containsExactly("read");
  }

  @Test
  void whatNobodyHasConfiguredAnyMoreIsDeleted() {
    upstreams.server("files").tool("read", "reads");
    Member process = process();
    process.discovery().configured(List.of(stdio("files")));
    assertThat(names(process)).containsExactly("read");
    process.catalogue().keepOnly(Set.of("files"));
    assertThat(names(process)).containsExactly("read");
    process.catalogue().keepOnly(Set.of("other"));
    assertThat(names(process)).isEmpty();
    assertThat(store.versions()).isEmpty();
    process.discovery().lookAtLost(); // it is configured here
    await().atMost(LIMIT).until(() -> names(process).contains("read"));
  }

  @Test
  void whatIsKnownStaysWhileRedisIsAway() {
    upstreams.server("files").tool("read", "reads");
    Member process = process();
    process.discovery().configured(List.of(stdio("files")));
    assertThat(names(process)).containsExactly("read");
    store.away = true;
    new TestChanges().tools();
    assertThat(names(process)).containsExactly("read");
  }

  @Test
  void aThreadOfTheConnectionToRedisNeverReadsWhatIsStored() throws Exception {
    upstreams.server("files").tool("read", "reads");
    Member process = process();
    process.discovery().configured(List.of(stdio("files")));
    assertThat(names(process)).containsExactly("read");
    store.versions.put("files", "2");
    store.texts.compute("files", (_, text) -> text == null ? null : text.replace("reads", "sees"));
    List<Thread> readers = new CopyOnWriteArrayList<>();
    store.reading = () -> readers.add(Thread.currentThread());
    new TestChanges().tools();
    var looking =
        new FastThreadLocalThread(() -> process.catalogue().tools().runnable("files/read"));
    looking.start();
    assertThat(looking.join(LIMIT)).isTrue();
    await().atMost(LIMIT).until(() -> !readers.isEmpty());
    assertThat(readers).doesNotContain(looking);
    await().atMost(LIMIT).until(() -> description(process, "read").equals("sees"));
  }

  @Test
  void resourcesAndPromptsKeepTheirNamesWhereTheyAreUnique() throws Exception {
    upstreams.server("a").resource("memo://x").template("memo://{+path}").prompt("sum up");
    upstreams.server("b").resource("memo://x").resource("memo://y").prompt("sum up").prompt("plan");
    Member process = process();
    process.discovery().configured(List.of(stdio("a"), stdio("b")));
    assertThat(names(process)).isEmpty();
    var served = process.catalogue().primitives();
    assertThat(served.resources())
        .extracting(resource -> resource.uri())
        .containsExactly("memo://x", "x-b+memo://x", "memo://y");
    assertThat(read(served, "memo://x")).contains("\"of a\"", "\"memo://x\"");
    assertThat(read(served, "x-b+memo://x")).contains("\"of b\"", "\"x-b+memo://x\"");
    assertThat(read(served, "memo://other/place")).contains("\"of a\"");
    assertThat(served.reader("file:///etc")).as("two have resources").isEmpty();
    assertThat(served.prompts())
        .extracting(prompt -> prompt.name())
        .hasSize(3)
        .contains("plan")
        .allMatch(name -> name.matches("[A-Za-z0-9_.-]+"));
    assertThat(served.prompt("b_plan")).isPresent();
    assertThat(served.completion(new Completion.Reference(Completion.Kind.PROMPT, "plan")))
        .isPresent();
    assertThat(
            served.completion(new Completion.Reference(Completion.Kind.RESOURCE, "memo://{+path}")))
        .isPresent();
  }

  @Test
  void aTemplateThatAnotherUpstreamHasTooIsServedUnderTheUpstreamsName() throws Exception {
    upstreams.server("a").template("memo://{+path}");
    upstreams.server("b").template("memo://{+path}");
    Member process = process();
    process.discovery().configured(List.of(stdio("a"), stdio("b")));
    assertThat(names(process)).isEmpty();
    var served = process.catalogue().primitives();
    assertThat(served.templates())
        .extracting(template -> template.template().toString())
        .containsExactly("memo://{+path}", "x-b+memo://{+path}");
    assertThat(read(served, "memo://1")).contains("\"of a\"", "\"memo://1\"");
    assertThat(read(served, "x-b+memo://1")).contains("\"of b\"", "\"x-b+memo://1\"");
    assertThat(
            served.completion(
                new Completion.Reference(Completion.Kind.RESOURCE, "x-b+memo://{+path}")))
        .isPresent();
  }

  private static String read(dev.longhaul.catalog.Primitives served, String uri) throws Exception {
    return served
        .reader(uri)
        .orElseThrow()
        .handle(
            new PrimitiveCall(Tools.object("{}").put("uri", uri), Tools.object("{}"), context()))
        .toString();
  }

  /** Keeps all listeners of this test, as processes on one Redis do. */
  private final class TestChanges implements Changes {
    private static final List<Consumer<Change>> LISTENERS = new CopyOnWriteArrayList<>();

    private void tell(Change change) {
      changes.add(change);
      LISTENERS.forEach(each -> each.accept(change));
    }

    @Override
    public void tools() {
      tell(new Change.Tools());
    }

    @Override
    public void prompts() {
      tell(new Change.Prompts());
    }

    @Override
    public void resources() {
      tell(new Change.Resources());
    }

    @Override
    public void resource(String uri) {
      tell(new Change.Resource(uri));
    }

    @Override
    public Watch listen(Consumer<Change> listener) {
      LISTENERS.add(listener);
      return () -> LISTENERS.remove(listener);
    }
  }

  /** A store of this test, as the Redis of processes. */
  private static final class MemoryStore implements CatalogueStore {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Set<String> off = ConcurrentHashMap.newKeySet();
    private volatile boolean away;
    private volatile Runnable reading = () -> {};

    @Override
    public Map<String, String> versions() {
      reading.run();
      if (away) {
        throw new RedisUnavailableException("away", null);
      }
      return Map.copyOf(versions);
    }

    @Override
    public Map<String, String> read(Collection<String> upstreams) {
      Map<String, String> found = new HashMap<>(texts);
      found.keySet().retainAll(upstreams);
      return found;
    }

    @Override
    public void write(String upstream, String text) {
      texts.put(upstream, text);
      versions.put(upstream, UUID.randomUUID().toString());
    }

    @Override
    public void remove(String upstream) {
      versions.remove(upstream);
      texts.remove(upstream);
    }

    @Override
    public Set<String> switchedOff() {
      return new TreeSet<>(off);
    }

    @Override
    public void switchOff(String upstream, boolean isOff) {
      var _ = isOff ? off.add(upstream) : off.remove(upstream);
    }

    @Override
    public Map<String, String> views() {
      return Map.of();
    }

    @Override
    public void view(String text) {}

    @Override
    public void noView() {}

    @Override
    public void command(String text) {}

    @Override
    public void onCommand(Consumer<String> listener) {}
  }
}
