-- Stores the id of a stream that a session opened with GET. If the session has too many, the oldest
-- are removed.
-- KEYS[1]  sorted set of the session's streams
-- ARGV[1]  the stream's id
-- ARGV[2]  TTL in milliseconds
-- ARGV[3]  how many a session may have
-- returns  the ids that were removed
-- called by RedisPushStreams.opened
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'NX', time[1] * 1000000 + time[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
local dropped = {}
if over > 0 then
  dropped = redis.call('ZRANGE', KEYS[1], 0, over - 1)
  redis.call('ZREM', KEYS[1], unpack(dropped))
end
return dropped
