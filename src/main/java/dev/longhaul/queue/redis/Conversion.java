package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts what is stored in layouts 1 and 2 to layout 3, once for an installation. One process
 * does it, under a lock that it renews; the others wait. Each job is converted by one call of a
 * script, so a conversion that was interrupted is repeated and passes over what was converted
 * before.
 */
final class Conversion {
  private static final Logger log = LoggerFactory.getLogger(Conversion.class);

  private static final int BATCH = 200;
  private static final int LINE_BATCH = 1000;
  private static final Duration LOCK = Duration.ofSeconds(60);
  private static final long RENEWED_NANOS = Duration.ofSeconds(5).toNanos();

  private static final int NOTHING = 0;
  private static final int MINE = 1;
  private static final int OTHERS = 2;

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final String process;
  private final JsonMapper json = JsonMapper.builder().build();

  Conversion(QueueConnections connections, RedisKeys keys, String process) {
    this.connections = connections;
    this.keys = keys;
    this.process = process;
  }

  /**
   * Converts everything, unless another process does.
   *
   * @param shards how many shards there are
   * @param listening the processes that listen to changes of jobs, if known
   * @return whether everything is converted; false while another process does it
   * @throws OlderProcessesException if processes that use the older layout still run
   */
  boolean run(int shards, Optional<List<String>> listening) {
    int answer = begin(false, listening);
    if (answer != MINE) {
      return answer == NOTHING;
    }
    log.info(
        "What is stored is converted to layout {}; nothing else happens until then",
        Layout.VERSION);
    long converted = 0;
    for (int shard = 0; shard < shards; shard++) {
      converted += convert(shard, converted, listening);
    }
    expect(NOTHING, begin(true, listening));
    for (int shard = 0; shard < shards; shard++) {
      convertLines(shard, 0);
    }
    log.info("{} jobs were converted to layout {}", converted, Layout.VERSION);
    return true;
  }

  private static void expect(int expected, int answer) {
    if (answer != expected) {
      throw new QueueUnavailableException("Another process has taken over the conversion");
    }
  }

  private int begin(boolean end, Optional<List<String>> listening) {
    List<String> args = new ArrayList<>();
    args.add(process);
    args.add(Integer.toString(Layout.VERSION));
    args.add(Long.toString(LOCK.toMillis()));
    args.add(end ? "1" : "0");
    args.add(listening.isPresent() ? "1" : "0");
    listening.ifPresent(args::addAll);
    List<Object> answer =
        connections.await(
            Scripts.list(connections.shared(), Script.CONVERT_BEGIN, keys.tag(0), args));
    int code = ((Long) answer.getFirst()).intValue();
    if (code > OTHERS) {
      throw new OlderProcessesException(
          answer.stream().skip(1).map(Object::toString).sorted().toList());
    }
    if (code == OTHERS) {
      log.debug("Process {} converts what is stored", answer.get(1));
    }
    return code;
  }

  private long convert(int shard, long before, Optional<List<String>> listening) {
    String prefix = keys.job(shard, "");
    var some = ScanArgs.Builder.matches(prefix + "*").limit(BATCH);
    ScanCursor cursor = ScanCursor.INITIAL;
    long converted = 0;
    long told = System.nanoTime();
    do {
      var page = connections.await(connections.shared().scan(cursor, some));
      converted += convert(shard, page.getKeys(), prefix);
      if (System.nanoTime() - told > RENEWED_NANOS) {
        told = System.nanoTime();
        log.info("{} jobs are converted so far", before + converted);
        expect(MINE, begin(false, listening));
      }
      cursor = page;
    } while (!cursor.isFinished());
    while (convertLines(shard, LINE_BATCH) >= 0) {
      if (System.nanoTime() - told > RENEWED_NANOS) {
        told = System.nanoTime();
        expect(MINE, begin(false, listening));
      }
    }
    return converted;
  }

  // most: 0 once the whole conversion has ended
  private long convertLines(int shard, int most) {
    return connections.await(
        Scripts.number(
            connections.shared(),
            Script.CONVERT_LINES,
            keys.tag(shard),
            List.of(Integer.toString(most))));
  }

  private long convert(int shard, List<String> found, String prefix) {
    var redis = connections.shared();
    List<CompletableFuture<List<String>>> read =
        found.stream()
            .map(key ->
                redis
                    .hmget(key, "cr", "c", "h")
                    .toCompletableFuture()
                    .thenCompose(known -> {
                      @Nullable String constants = known.get(1).getValueOrElse(null);
                      if (!known.get(0).hasValue() || constants == null) {
                        return CompletableFuture.completedFuture(List.<String>of());
                      }
                      String owner = RedisKeys.ownerIndex(constants.split(" ", 6)[5]);
                      String id = key.substring(prefix.length());
                      return known.get(2).hasValue()
                          ? CompletableFuture.completedFuture(List.of(id, owner, ""))
                          : redis
                              .hmget(key, "p")
                              .toCompletableFuture()
                              .thenApply(params -> List.of(id, owner, payload(params.getFirst())));
                    }))
            .toList();
    List<String> args =
        read.stream()
            .flatMap(one -> connections.await(one).stream())
            .collect(Collectors.toCollection(ArrayList::new));
    return args.isEmpty()
        ? 0
        : connections.await(Scripts.number(redis, Script.CONVERT, keys.tag(shard), args));
  }

  // Jobs of layout 1 have their headers among their params.
  private String payload(KeyValue<String, String> params) {
    if (!params.hasValue()) {
      return "";
    }
    EarlierHeaders split = EarlierHeaders.split(params.getValue(), json);
    return new Payload(split.params(), split.headers()).text();
  }
}
