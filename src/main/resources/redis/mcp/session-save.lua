-- Stores a new session with its TTL. If its owner has too many sessions, the least recently used
-- one ends.
-- KEYS[1]   hash of the session
-- KEYS[2]   sorted set of its owner's sessions, by the time at which each expires if it is not used
-- ARGV[1]   TTL in milliseconds
-- ARGV[2]   the session's id
-- ARGV[3]   how many sessions an owner may have
-- ARGV[4]   prefix of the keys of sessions, in the same slot
-- ARGV[5…]  field, value, field, value, …
-- returns   an empty list
-- called by RedisSessionStore.save
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%d', now))
redis.call('ZADD', KEYS[2], string.format('%d', now + ARGV[1]), ARGV[2])
local over = redis.call('ZCARD', KEYS[2]) - ARGV[3]
if over > 0 then
  -- If the bound was lowered, many are too much: end some now and the rest with later sessions.
  for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, math.min(over, 100) - 1)) do
    if id ~= ARGV[2] then
      redis.call('DEL', ARGV[4] .. id)
      redis.call('ZREM', KEYS[2], id)
    end
  end
end
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
return {}
