-- Stores the partial result of a running job, replacing the previous one.
-- Called by: RedisWorkQueue.partial.
-- ARGV: id, fence, nonce, TTL in ms, result field, value, …
-- Returns: 1 stored, 0 the lease is lost
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n')
if (job[1] ~= 'running' and job[1] ~= 'input_required') or job[2] ~= ARGV[2] or job[3] ~= ARGV[3] then
  return 0
end
-- pp: the partial result must be deleted when the job ends.
redis.call('HSET', jobKey(id), 'pp', 1, 'x', 1)
redis.call('DEL', partialKey(id))
redis.call('HSET', partialKey(id), unpack(ARGV, 5))
redis.call('PEXPIRE', partialKey(id), ARGV[4])
return 1
