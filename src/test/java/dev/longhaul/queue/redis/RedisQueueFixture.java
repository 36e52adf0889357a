package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QuotaProperties;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.resource.ClientResources;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Redis adapter in two processes, on the tests' Redis, in a new namespace. As a JUnit extension
 * it is opened for each test, and checks afterwards that no keys are left over.
 */
public final class RedisQueueFixture implements BeforeEachCallback, AfterEachCallback {
  static final ResultProperties RESULTS =
      new ResultProperties(
          Duration.ofHours(1),
          Duration.ofHours(2),
          DataSize.ofKilobytes(100),
          Duration.ofMinutes(30),
          DataSize.ofMegabytes(1),
          Duration.ofMinutes(5),
          Duration.ofDays(7),
          DataSize.ofKilobytes(64));

  // Shared by all tests, because closing Netty's threads takes seconds.
  private static final ClientResources RESOURCES = ClientResources.create();

  private final Duration lease;
  private final RedisConfiguration where;
  private final Consumer<LettuceClientConfigurationBuilder> how;
  private final Duration timeout;
  private final int shards;
  private boolean fair = true;
  private Map<String, Integer> weights = Map.of();
  private QuotaProperties quotas =
      new QuotaProperties(
          1_000_000, DataSize.ofGigabytes(10), 0, 0, 1_000_000, DataSize.ofGigabytes(10));
  private boolean evicted;
  private int ackReplicas;
  private @Nullable RedisConfiguration watcher;
  private final RedisKeys keys;
  private final List<LettuceConnectionFactory> factories = new ArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final JobFields fields = new JobFields(JsonMapper.builder().build());
  private @Nullable StatefulConnection<String, String> connection;
  private @Nullable WorkQueue work;
  private @Nullable WorkQueue otherWork;

  public RedisQueueFixture(String namespace) {
    this(namespace, TestRedis.url());
  }

  /** A fixture on a separate Redis. */
  public RedisQueueFixture(String namespace, String url) {
    this(namespace, url, 1, Duration.ofSeconds(15));
  }

  public RedisQueueFixture(String namespace, String url, int shards) {
    this(namespace, url, shards, Duration.ofSeconds(15));
  }

  /** A fixture with another lease. */
  public RedisQueueFixture(String namespace, String url, int shards, Duration lease) {
    this(namespace, url, shards, lease, Duration.ofSeconds(30));
  }

  /** A fixture with another time-out of commands. */
  public RedisQueueFixture(
      String namespace, String url, int shards, Duration lease, Duration timeout) {
    this(
        namespace,
        LettuceConnectionFactory.createRedisConfiguration(url),
        shards,
        lease,
        timeout,
        _ -> {});
  }

  /**
   * @param where one Redis, a Sentinel or a Cluster
   * @param timeout the time-out of each command
   * @param how further settings of the client
   */
  public RedisQueueFixture(
      String namespace,
      RedisConfiguration where,
      int shards,
      Duration lease,
      Duration timeout,
      Consumer<LettuceClientConfigurationBuilder> how) {
    this.where = where;
    this.lease = lease;
    this.timeout = timeout;
    this.how = how;
    this.shards = shards;
    this.keys = new RedisKeys(new KeyTags(namespace));
  }

  /** The SHA of a script, to recognise its EVALSHA on the wire. */
  public static String sha(String script) {
    return Script.valueOf(script).sha();
  }

  /** Sets the number of replicas that must acknowledge a job. To be called first. */
  RedisQueueFixture acknowledgedBy(int replicas) {
    ackReplicas = replicas;
    return this;
  }

  /** Sets the connection by which the test itself reads Redis. To be called first. */
  RedisQueueFixture watchedAs(RedisConfiguration administrator) {
    watcher = administrator;
    return this;
  }

  private Layout layout(QueueConnections connections, Shards its, Watchers watchers) {
    return new Layout(connections, keys, its, watchers.process(), properties(1_000_000, 0.8));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    open();
  }

  /** Asserts that every key that needs a TTL has one, and that the quota counters are correct. */
  @Override
  public void afterEach(ExtensionContext context) {
    try {
      assertThat(keysThatWouldStayForever()).isEmpty();
      if (!evicted) {
        assertThat(miscounts()).isEmpty();
      }
    } finally {
      close();
    }
  }

  public void open() {
    connection =
        new RedisConnections(newFactory(Objects.requireNonNullElse(watcher, where)), timeout)
            .another()
            .get();
  }

  /** The commands of a single Redis. */
  public RedisCommands<String, String> commands() {
    return (RedisCommands<String, String>) anywhere();
  }

  /** The commands of a single Redis or a cluster. */
  RedisClusterCommands<String, String> anywhere() {
    return switch (Objects.requireNonNull(connection)) {
      case StatefulRedisClusterConnection<String, String> cluster -> cluster.sync();
      case StatefulRedisConnection<String, String> redis -> redis.sync();
      default -> throw new IllegalStateException();
    };
  }

  /** The prefix of all keys of the first shard. */
  public String tag() {
    return keys.tag(0);
  }

  public JobQueue jobs(int maxLength) {
    QueueConnections connections = shared();
    var its = new Shards(shards);
    return jobs(connections, its, new Watchers(connections, keys, its), maxLength);
  }

  /** Ends a claimed job of the queue default with an answer. */
  public void end(Claim claim) {
    work()
        .step(
            List.of(
                new Completion.Finished(
                    claim.id(), claim.token(), new Outcome.Answered("{}", false))),
            List.of("default"),
            0)
        .join();
  }

  /** The queue and the worker's queue of one process that has both. */
  public record Ports(JobQueue jobs, WorkQueue work) {}

  public Ports process() {
    QueueConnections connections = newConnections();
    var its = new Shards(shards);
    var watchers = new Watchers(connections, keys, its);
    return new Ports(
        jobs(connections, its, watchers, 1_000), work(connections, its, watchers, 0.8));
  }

  private JobQueue jobs(
      QueueConnections connections, Shards its, Watchers watchers, int maxLength) {
    return new RedisJobQueue(
        connections,
        keys,
        its,
        layout(connections, its, watchers),
        fields,
        watchers,
        properties(maxLength, 0.8),
        RESULTS,
        quotas(),
        redisFlows(maxLength),
        Clock.systemUTC());
  }

  public QueueAdmin admin() {
    return new RedisQueueAdmin(
        shared(), keys, new Shards(shards), fields, RESULTS, quotas(), Clock.systemUTC());
  }

  /** The notifications in another process. */
  public NotificationQueue notifications() {
    return new RedisNotificationQueue(shared(), keys, RESULTS, JsonMapper.builder().build());
  }

  /** Batches and chains in another process. */
  public FlowQueue flows(int maxLength) {
    return redisFlows(maxLength);
  }

  RedisFlowQueue redisFlows(int maxLength) {
    QueueConnections connections = shared();
    var its = new Shards(shards);
    return new RedisFlowQueue(
        connections,
        keys,
        its,
        layout(connections, its, new Watchers(connections, keys, its)),
        fields,
        properties(maxLength, 0.8).queue(),
        RESULTS,
        new FlowProperties(20_000, Duration.ofHours(1)),
        quotas(),
        Clock.systemUTC());
  }

  /**
   * Sets whether callers take turns, and their weights. To be called before any queue is created.
   */
  public void fair(boolean turns, Map<String, Integer> jobsInATurn) {
    fair = turns;
    weights = jobsInATurn;
  }

  /** Sets the quotas. To be called before any queue is created. */
  public void limitedTo(QuotaProperties properties) {
    quotas = properties;
  }

  private Quotas quotas() {
    return new Quotas(quotas, new Shards(shards));
  }

  /** The quota counters that differ from the stored jobs; none if all are correct. */
  public List<String> miscounts() {
    List<String> wrong = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      Map<String, String> counted = new TreeMap<>(anywhere().hgetall(keys.tag(shard) + ":use"));
      Map<String, String> stored = stored(shard);
      if (!counted.equals(stored)) {
        wrong.add("shard " + shard + ": counted " + counted + ", stored " + stored);
      }
    }
    return wrong;
  }

  private Map<String, String> stored(int shard) {
    Map<String, long[]> sums = new TreeMap<>();
    for (String key : anywhere().keys(keys.tag(shard) + ":j:*")) {
      var job = anywhere().hmget(key, "st", "c");
      String state = job.get(0).getValueOrElse("");
      if (!JobState.fromWire(state).orElseThrow().terminal()) {
        var use = FixedFields.use(job.get(1).getValue());
        for (String name : List.of("t", "o:" + use.getKey())) {
          long[] sum = sums.computeIfAbsent(name, _ -> new long[2]);
          sum[0]++;
          sum[1] += use.getValue();
        }
      }
    }
    Map<String, String> texts = new TreeMap<>();
    sums.forEach((name, sum) -> texts.put(name, sum[0] + " " + sum[1]));
    return texts;
  }

  /** The held calls in another process. */
  HeldCalls heldCalls() {
    return new RedisHeldCalls(newConnections(), keys, new Shards(shards));
  }

  /** The result cache in another process. */
  public CacheStore cache(Duration limit) {
    return new RedisCacheStore(
        newConnections(), keys, new Shards(shards), RESULTS.compressSize().toBytes(), limit);
  }

  public WorkQueue work() {
    if (work == null) {
      work = work(0.8);
    }
    return work;
  }

  public WorkQueue otherWork() {
    if (otherWork == null) {
      otherWork = work(0.8);
    }
    return otherWork;
  }

  /** Moves every score of a sorted set into the past. */
  public void makeOld(String suffix) {
    for (int shard = 0; shard < shards; shard++) {
      // Without an earlier reap, the first reap takes back no leases.
      anywhere()
          .set(
              keys.tag(shard) + ":reaped",
              Long.toString(System.currentTimeMillis() - 5),
              SetArgs.Builder.nx().ex(60));
      String key = keys.tag(shard) + suffix;
      anywhere().zrange(key, 0, -1).forEach(id -> anywhere().zadd(key, 1, id));
    }
  }

  /** Pauses a queue. */
  public void pause(String queue) {
    state(queue, "paused");
  }

  public void resume(String queue) {
    state(queue, "");
  }

  private void state(String queue, String state) {
    for (int shard = 0; shard < shards; shard++) {
      anywhere()
          .<Long>eval(
              Script.QUEUE.source(),
              ScriptOutputType.INTEGER,
              new String[] {keys.tag(shard)},
              new String[] {queue, state});
    }
  }

  int shards() {
    return shards;
  }

  /** The keys of all shards with this text after the tag. */
  List<String> keys(String pattern) {
    List<String> found = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      found.addAll(anywhere().keys(keys.tag(shard) + pattern));
    }
    return found;
  }

  /** Sets a parameter of Redis on every node. */
  void configSet(String name, String value) {
    if (connection instanceof StatefulRedisClusterConnection<String, String> cluster) {
      cluster.sync().upstream().commands().configSet(name, value);
    } else {
      anywhere().configSet(name, value);
    }
  }

  /** Makes the last reap appear long ago. */
  void lastReapedLongAgo() {
    for (int shard = 0; shard < shards; shard++) {
      anywhere().set(keys.tag(shard) + ":reaped", "1");
    }
  }

  /** Deletes the hash of a job, as an eviction would. The quota counters become wrong by this. */
  public void forget(JobId id) {
    evicted = true;
    commands().del(tag() + ":j:" + id.value());
  }

  /** Lets enough time pass for buckets, gates and breakers. */
  public void timePasses() {
    for (String key : keys(":g:*")) {
      if (key.endsWith(":b")) {
        anywhere().del(key);
      } else if (key.endsWith(":o")) {
        anywhere().hset(key, "until", "1");
      }
    }
    keys(":m:*").forEach(key -> anywhere().del(key));
    makeOld(":gz");
  }

  /** Whether a worker has reaped. */
  public boolean reaping() {
    return anywhere().exists(tag() + ":reaped") == 1;
  }

  /** The keys without a TTL although their job or flow has ended. */
  public List<String> keysThatWouldStayForever() {
    return new Leftovers(shared(), keys).find(100);
  }

  public void close() {
    try {
      for (AutoCloseable one : opened.reversed()) {
        one.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Objects.requireNonNull(connection).close();
    factories.forEach(LettuceConnectionFactory::destroy);
  }

  private @Nullable QueueConnections sharedConnections;

  private QueueConnections shared() {
    if (sharedConnections == null) {
      sharedConnections = newConnections();
    }
    return sharedConnections;
  }

  /** A worker process that treats memory as nearly full above this share of it. */
  WorkQueue work(double memoryLimit) {
    QueueConnections connections = newConnections();
    var its = new Shards(shards);
    return work(connections, its, new Watchers(connections, keys, its), memoryLimit);
  }

  private WorkQueue work(
      QueueConnections connections, Shards its, Watchers watchers, double memoryLimit) {
    return new RedisWorkQueue(
        connections,
        keys,
        its,
        layout(connections, its, watchers),
        fields,
        watchers,
        properties(1_000_000, memoryLimit),
        RESULTS,
        false);
  }

  private QueueConnections newConnections() {
    var redis = new RedisConnections(newFactory(), timeout);
    var channels = new Channels(redis);
    var connections = new QueueConnections(redis, channels, keys, properties(1, 1).redis());
    opened.addAll(List.of(redis, channels, connections));
    return connections;
  }

  private LettuceConnectionFactory newFactory() {
    return newFactory(where);
  }

  private LettuceConnectionFactory newFactory(RedisConfiguration where) {
    var client = LettuceClientConfiguration.builder().clientResources(RESOURCES);
    how.accept(client);
    var factory = new LettuceConnectionFactory(where, client.build());
    factory.afterPropertiesSet();
    factory.start();
    factories.add(factory);
    return factory;
  }

  private RedisQueueProperties properties(int maxLength, double memoryLimit) {
    return new RedisQueueProperties(
        new RedisQueueProperties.Queue(
            maxLength,
            lease,
            3,
            Duration.ofDays(7),
            List.of(20, 10, 0),
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)),
            fair,
            weights),
        new RedisQueueProperties.Redis(
            memoryLimit, shards, ackReplicas, Duration.ofSeconds(5), 0, Duration.ZERO));
  }
}
