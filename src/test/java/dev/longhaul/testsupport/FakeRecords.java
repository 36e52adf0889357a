package dev.longhaul.testsupport;

import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.IdempotencyConflictException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The dispatched jobs of all callers, and the outcomes that the test has set. */
final class FakeRecords {
  static final String TOOLS_CALL = "tools/call";
  static final JsonMapper JSON = JsonMapper.builder().build();

  // Sorted keys: equal arguments give equal texts, in any order.
  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private final Clock clock;
  private final Map<JobId, FakeJob> jobs = new LinkedHashMap<>();
  private final Map<String, Function<DispatchedJob, Outcome>> ends = new HashMap<>();
  private final Map<String, Keyed> keys = new HashMap<>();
  private final Set<JobId> deleted = new HashSet<>();

  /** The job of an idempotency key. */
  private record Keyed(JobId id, String arguments) {}

  FakeRecords(Clock clock) {
    this.clock = clock;
  }

  /** Records a job, and ends it if the test has set an outcome. */
  synchronized FakeJob dispatch(Caller caller, String method, Object params, JobOptions options) {
    ObjectNode given = object(params);
    String tool = tool(method, given);
    IdempotencyKey key = key(caller, method, options, given);
    Keyed known = key == null ? null : keys.get(key.digest());
    if (key != null && known != null) {
      if (!known.arguments().equals(key.arguments())) {
        throw new IntakeException(
            new Refusal.IdempotencyConflict(
                String.valueOf(new IdempotencyConflictException(known.id()).getMessage()),
                new IdempotencyConflictException(known.id()).known()),
            new IdempotencyConflictException(known.id()));
      }
      return find(caller, known.id());
    }
    JobId id = JobId.create(clock.millis(), 0);
    var dispatched = new DispatchedJob(id, caller, method, tool, given, options);
    var job = new FakeJob(dispatched, clock.instant());
    jobs.put(id, job);
    if (key != null) {
      keys.put(key.digest(), new Keyed(id, key.arguments()));
    }
    Function<DispatchedJob, Outcome> end = ends.get(dispatched.name());
    if (end != null) {
      job.end(end.apply(dispatched), clock.instant());
    }
    return job;
  }

  private static ObjectNode object(Object params) {
    if (JSON.valueToTree(params) instanceof ObjectNode object) {
      return object.deepCopy();
    }
    throw new IntakeException(
        new Refusal.BadRequest(
            "params must be what JSON writes as an object, such as a map or a record."));
  }

  private static @Nullable String tool(String method, ObjectNode params) {
    if (!method.equals(TOOLS_CALL)) {
      if (!ServedMethods.NAMES.contains(method)) {
        throw new IntakeException(new Refusal.UnsupportedMethod(method));
      }
      return null;
    }
    JsonNode name = params.path("name");
    if (!name.isString()) {
      throw new IntakeException(new Refusal.BadRequest("params.name must be the name of a tool."));
    }
    return name.asString();
  }

  private static @Nullable IdempotencyKey key(
      Caller caller, String method, JobOptions options, ObjectNode params) {
    String key = options.idempotencyKey();
    return key == null
        ? null
        : IdempotencyKey.of(caller.owner(), method, key, CANONICAL.writeValueAsString(params));
  }

  /** Finds a job of this caller. */
  synchronized FakeJob find(Caller caller, JobId id) {
    FakeJob job = jobs.get(id);
    if (job == null || deleted.contains(id) || !job.dispatched.caller().equals(caller)) {
      throw new IntakeException(new Refusal.UnknownJob(id.value()));
    }
    return job;
  }

  /** The jobs, newest first. */
  synchronized List<FakeJob> of(Caller caller) {
    return jobs.values().stream()
        .filter(job -> job.dispatched.caller().equals(caller))
        .filter(job -> !deleted.contains(job.dispatched.id()))
        .toList()
        .reversed();
  }

  synchronized List<DispatchedJob> dispatched() {
    List<DispatchedJob> all = new ArrayList<>();
    jobs.values().forEach(job -> all.add(job.dispatched));
    return all;
  }

  synchronized void endWith(String name, Function<DispatchedJob, Outcome> end) {
    ends.put(name, end);
  }

  synchronized void end(JobId id, Outcome outcome) {
    FakeJob job = jobs.get(id);
    if (job == null) {
      throw new IllegalArgumentException("no job " + id + " was dispatched");
    }
    if (job.outcome() != null) {
      throw new IllegalStateException("job " + id + " has ended already: " + job.outcome());
    }
    job.end(outcome, clock.instant());
  }

  /** Releases a held job. */
  synchronized void start(JobId id) {
    FakeJob job = Objects.requireNonNull(jobs.get(id));
    job.start(clock.instant());
  }

  synchronized void delete(JobId id) {
    deleted.add(id);
    keys.values().removeIf(keyed -> keyed.id().equals(id));
  }

  synchronized void clear() {
    jobs.clear();
    deleted.clear();
    keys.clear();
  }

  /** The result of a method with this value. */
  static Outcome answer(DispatchedJob job, Object value) {
    JsonNode tree = JSON.valueToTree(value);
    if (job.tool() == null) {
      return new Outcome.Answered(tree.toString(), false);
    }
    ObjectNode result = JSON.createObjectNode();
    String text = tree.isString() ? tree.asString() : tree.toString();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    if (!tree.isString()) {
      result.set("structuredContent", tree);
    }
    return new Outcome.Answered(result.toString(), false);
  }
}
