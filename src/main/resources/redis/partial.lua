-- Attaches what a cancelled job had produced; once, by the worker that held it.
-- Called by: RedisWorkQueue.attachPartial.
-- ARGV: id, fence, nonce, result field, value, …
-- Returns: 1 attached, 0 not this worker's or too late
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'w')
if job[1] ~= 'cancelled' or job[2] ~= ARGV[2] or job[3] ~= ARGV[3] then return 0 end
redis.call('ZREM', LEASES, id)
redis.call('HSET', jobKey(id), 'n', '')
if #ARGV > 3 and redis.call('EXISTS', resultKey(id)) == 1 then
  redis.call('HSET', resultKey(id), unpack(ARGV, 4))
end
announce(id, job[4])
return 1
