package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** The adapter as two processes would have it, on the tests' Redis, in a namespace of its own. */
public final class RedisQueueFixture {
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

  // One for the JVM: closing Netty's threads takes seconds, and there are many tests.
  private static final ClientResources RESOURCES = ClientResources.create();

  private final String url;
  private final Duration lease;
  private final Duration timeout;
  private final String namespace;
  private final int shards;
  private final RedisKeys keys;
  private final List<LettuceConnectionFactory> factories = new ArrayList<>();
  private final List<RedisConnections> opened = new ArrayList<>();
  private final JobFields fields = new JobFields(JsonMapper.builder().build());
  private @Nullable RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> connection;
  private @Nullable WorkQueue work;
  private @Nullable WorkQueue otherWork;

  public RedisQueueFixture(String namespace) {
    this(namespace, TestRedis.url());
  }

  /** On a Redis of the test's own. */
  public RedisQueueFixture(String namespace, String url) {
    this(namespace, url, 1, Duration.ofSeconds(15));
  }

  public RedisQueueFixture(String namespace, String url, int shards) {
    this(namespace, url, shards, Duration.ofSeconds(15));
  }

  /** With a lease of another length. */
  public RedisQueueFixture(String namespace, String url, int shards, Duration lease) {
    this(namespace, url, shards, lease, Duration.ofSeconds(30));
  }

  /** With another time to wait for an answer. */
  public RedisQueueFixture(
      String namespace, String url, int shards, Duration lease, Duration timeout) {
    this.timeout = timeout;
    this.url = url;
    this.lease = lease;
    this.namespace = namespace;
    this.shards = shards;
    this.keys = new RedisKeys(namespace);
  }

  /** How EVALSHA names one of the scripts, to recognise it on the wire. */
  public static String sha(String script) {
    return Script.valueOf(script).sha();
  }

  public void open() {
    client = RedisClient.create(RESOURCES, url);
    connection = client.connect();
  }

  public RedisCommands<String, String> commands() {
    return Objects.requireNonNull(connection).sync();
  }

  /** What every key of the first shard begins with. */
  public String tag() {
    return keys.tag(0);
  }

  public JobQueue jobs(int maxLength) {
    RedisConnections connections = shared();
    var its = new Shards(shards);
    return new RedisJobQueue(
        connections,
        keys,
        its,
        fields,
        new Watchers(connections, keys, its),
        properties(maxLength, 0.8),
        RESULTS,
        Clock.systemUTC());
  }

  public QueueAdmin admin() {
    return new RedisQueueAdmin(
        shared(), keys, new Shards(shards), fields, RESULTS, Clock.systemUTC());
  }

  /** Batches and chains as another process would have them. */
  public FlowQueue flows(int maxLength) {
    return redisFlows(maxLength);
  }

  RedisFlowQueue redisFlows(int maxLength) {
    return new RedisFlowQueue(
        shared(),
        keys,
        new Shards(shards),
        fields,
        properties(maxLength, 0.8).queue(),
        RESULTS,
        new FlowProperties(20_000, Duration.ofHours(1)),
        Clock.systemUTC());
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
      String key = keys.tag(shard) + suffix;
      commands().zrange(key, 0, -1).forEach(id -> commands().zadd(key, 1, id));
    }
  }

  /** Nothing more is claimed from a queue. */
  public void pause(String queue) {
    state(queue, "paused");
  }

  public void resume(String queue) {
    state(queue, "");
  }

  private void state(String queue, String state) {
    commands()
        .<Long>eval(
            Script.QUEUE.source(),
            ScriptOutputType.INTEGER,
            new String[] {tag()},
            new String[] {queue, state});
  }

  /** Deletes what is stored of a job, as an eviction would. */
  public void forget(JobId id) {
    commands().del(tag() + ":j:" + id.value());
  }

  /** Lets the time of buckets, gates and breakers pass. */
  public void timePasses() {
    for (String key : commands().keys(tag() + ":g:*")) {
      if (key.endsWith(":b")) {
        commands().del(key);
      } else if (key.endsWith(":o")) {
        commands().hset(key, "until", "1");
      }
    }
    makeOld(":gz");
  }

  /** Whether some worker has begun to look for lost leases. */
  public boolean reaping() {
    return commands().exists(tag() + ":reaped") == 1;
  }

  /** Keys that have no time to live although what they hold has ended. */
  public List<String> keysThatWouldStayForever() {
    return new Leftovers(shared(), keys).find(100);
  }

  public void close() {
    opened.forEach(RedisConnections::close);
    factories.forEach(LettuceConnectionFactory::destroy);
    Objects.requireNonNull(connection).close();
    Objects.requireNonNull(client).shutdown();
  }

  private @Nullable RedisConnections sharedConnections;

  private RedisConnections shared() {
    if (sharedConnections == null) {
      sharedConnections = newConnections();
    }
    return sharedConnections;
  }

  /** A worker process that sees memory as nearly full above that share of it. */
  WorkQueue work(double memoryLimit) {
    RedisConnections connections = newConnections();
    var its = new Shards(shards);
    return new RedisWorkQueue(
        connections,
        keys,
        its,
        fields,
        new Watchers(connections, keys, its),
        properties(1_000_000, memoryLimit),
        RESULTS,
        false);
  }

  private RedisConnections newConnections() {
    var factory =
        new LettuceConnectionFactory(
            LettuceConnectionFactory.createRedisConfiguration(url),
            LettuceClientConfiguration.builder().clientResources(RESOURCES).build());
    factory.afterPropertiesSet();
    factory.start();
    factories.add(factory);
    var connections = new RedisConnections(factory, keys, timeout);
    opened.add(connections);
    return connections;
  }

  private RedisQueueProperties properties(int maxLength, double memoryLimit) {
    return new RedisQueueProperties(
        namespace,
        new RedisQueueProperties.Queue(
            maxLength,
            lease,
            3,
            Duration.ofDays(7),
            List.of(20, 10, 0),
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60))),
        new RedisQueueProperties.Redis(timeout, memoryLimit, shards));
  }
}
