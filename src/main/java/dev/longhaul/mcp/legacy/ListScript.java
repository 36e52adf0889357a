package dev.longhaul.mcp.legacy;

import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** A Lua script that returns a list of strings. */
final class ListScript {
  private final RedisScript<List<String>> script;

  /**
   * @param name its file under {@code redis/mcp}, without the ending
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Spring Data knows lists only as raw classes.
  ListScript(String name) {
    DefaultRedisScript<List> script = new DefaultRedisScript<>();
    // With its own class loader: a thread of a server that was stopped since could not load it.
    script.setLocation(
        new ClassPathResource("redis/mcp/" + name + ".lua", ListScript.class.getClassLoader()));
    script.setResultType(List.class);
    this.script = (RedisScript) script;
  }

  /** Runs it; an empty list if it returned nothing. */
  List<String> run(StringRedisTemplate redis, List<String> keys, Object... arguments) {
    List<String> answer = redis.execute(script, keys, arguments);
    return answer == null ? List.of() : answer;
  }
}
