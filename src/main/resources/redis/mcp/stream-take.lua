-- Takes a stream over. The former owner may not write to it any more.
-- KEYS[1]  hash of the stream
-- KEYS[2]  list of its messages
-- ARGV[1]  TTL in milliseconds
-- ARGV[2]  channel of hints
-- ARGV[3]  the hint to the reader to check the stream, ARGV[4] the one to the writer
-- returns  {owner, milliseconds that its call has waited, field, value, field, value, …} with the
--          fields of the hash; empty if unknown
-- called by RedisEventLog.take
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {}
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local owner = redis.call('HINCRBY', KEYS[1], 'o', 1)
redis.call('HSET', KEYS[1], 'a', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
redis.call('PUBLISH', ARGV[2], ARGV[4])
local began = tonumber(redis.call('HGET', KEYS[1], 'w') or now)
local found = redis.call('HGETALL', KEYS[1])
table.insert(found, 1, string.format('%d', math.max(0, now - began)))
table.insert(found, 1, tostring(owner))
return found
