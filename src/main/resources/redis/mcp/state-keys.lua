-- The keys that sign requestState, shared by all processes; makes the first one, or another one.
-- KEYS[1]  string: the key that signs
-- KEYS[2]  sorted set: keys that signed before, by the time in milliseconds until which they count
-- ARGV[1]  the key to store if there is none yet, or when it takes the place of the one that signs
-- ARGV[2]  0, or in milliseconds how long the one whose place it takes still counts
-- returns  the keys that count, the one that signs first
-- called by RedisStateStore
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local life = tonumber(ARGV[2])
if life > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%d', now))
  local before = redis.call('GET', KEYS[1])
  redis.call('SET', KEYS[1], ARGV[1])
  if before then
    redis.call('ZADD', KEYS[2], now + life, before)
    redis.call('PEXPIRE', KEYS[2], math.max(life, redis.call('PTTL', KEYS[2])))
  end
else
  redis.call('SETNX', KEYS[1], ARGV[1])
end
local keys = redis.call('ZREVRANGEBYSCORE', KEYS[2], '+inf', '(' .. string.format('%d', now))
table.insert(keys, 1, redis.call('GET', KEYS[1]))
return keys
