-- Stores the time-out that was learned of a client. If its caller has too many clients, the one
-- with the oldest entry is removed.
-- KEYS[1]  hash of the caller
-- ARGV[1]  the client
-- ARGV[2]  what was learned; its last word is the time of the entry in milliseconds
-- ARGV[3]  how many clients a caller may have
-- ARGV[4]  TTL in milliseconds
-- returns  nothing
-- called by RedisClientTimeouts.put
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
  local all = redis.call('HGETALL', KEYS[1])
  local oldest, since
  for i = 1, #all, 2 do
    local said = tonumber(string.match(all[i + 1], '%d+$'))
    if not since or said < since then
      oldest, since = all[i], said
    end
  end
  redis.call('HDEL', KEYS[1], oldest)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
