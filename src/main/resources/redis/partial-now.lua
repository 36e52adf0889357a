-- Stores the partial result of a running job, replacing the previous one.
-- Called by: RedisWorkQueue.partial.
-- ARGV: id, token with a blank behind it, TTL in ms, result field, value, …
-- Returns: 1 stored, 0 the lease is lost
local id = ARGV[1]
if not runs(redis.call('HGET', CLAIMS, id), ARGV[2]) then return 0 end
-- pp: the partial result must be deleted when the job ends.
redis.call('HSET', jobKey(id), 'pp', 1, 'x', 1)
special(id)
redis.call('DEL', partialKey(id))
redis.call('HSET', partialKey(id), unpack(ARGV, 4))
redis.call('PEXPIRE', partialKey(id), ARGV[3])
return 1
