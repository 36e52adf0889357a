package dev.longhaul.queue.model;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole content of the queue in Redis, read at once. */
final class RedisView {
  private static final String READ =
      """
      local tag, out = ARGV[1], {}
      for _, key in ipairs(redis.call('KEYS', tag .. ':*')) do
        local kind = redis.call('TYPE', key).ok
        local name = string.sub(key, #tag + 2)
        local entry = {name, kind, tostring(redis.call('PTTL', key))}
        if kind == 'list' then
          for _, v in ipairs(redis.call('LRANGE', key, 0, -1)) do table.insert(entry, v) end
        elseif kind == 'zset' then
          for _, v in ipairs(redis.call('ZRANGE', key, 0, -1)) do table.insert(entry, v) end
        elseif kind == 'set' then
          for _, v in ipairs(redis.call('SMEMBERS', key)) do table.insert(entry, v) end
        elseif name == 'lines' then
          for _, v in ipairs(redis.call('HGETALL', key)) do table.insert(entry, v) end
        elseif string.sub(name, 1, 2) == 'j:' then
          -- State, fence, nonce of the holder, attempts started; with the claim of the job.
          local v = redis.call('HMGET', key, 'st', 'k')
          local claim = redis.call('HGET', tag .. ':cl', string.sub(name, 3))
          local nonce, fence, attempt, started, last =
            string.match(claim or v[2] or '- 0 0 -', '^(%S+) (%S+) (%S+) (%S+) ?(.*)$')
          local offered = claim and started == '-'
          if claim and not offered and v[1] == 'queued' then v[1] = 'running' end
          if last == 'b' or last == 'r' or last == 'p' or nonce == '-' then nonce = '' end
          if offered then attempt = tostring(attempt - 1) end
          for _, value in ipairs({v[1], fence, nonce, attempt}) do table.insert(entry, value) end
        elseif name == 'cl' then
          for _, v in ipairs(redis.call('HKEYS', key)) do table.insert(entry, v) end
        end
        table.insert(out, entry)
      end
      return out
      """;

  /** A key, without the tag, and its value. */
  record Entry(String name, String type, long ttl, List<String> values) {}

  private final Map<String, Entry> entries = new HashMap<>();

  private RedisView() {}

  static RedisView read(RedisCommands<String, String> redis, String tag) {
    List<List<String>> raw =
        redis.eval(READ, ScriptOutputType.MULTI, new String[] {tag}, new String[] {tag});
    RedisView view = new RedisView();
    for (List<String> entry : raw) {
      view.entries.put(
          entry.get(0),
          new Entry(
              entry.get(0),
              entry.get(1),
              Long.parseLong(entry.get(2)),
              List.copyOf(entry.subList(3, entry.size()))));
    }
    return view;
  }

  List<Entry> all() {
    return List.copyOf(entries.values());
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  List<String> values(String name) {
    Entry entry = entries.get(name);
    return entry == null ? List.of() : entry.values();
  }
}
