-- Forgets a job and its result. Called by: RedisJobQueue.delete.
-- ARGV: id, 1 to end it first if it is not finished else 0
-- Returns: 1 deleted, 0 not finished, -1 unknown
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'w')
if not job[1] then return -1 end
if not TERMINAL[job[1]] then
  if ARGV[2] ~= '1' then return 0 end
  redis.call('PUBLISH', CANCELS, id)
end
redis.call('ZREM', LEASES, id)
redis.call('ZREM', SCHEDULED, id)
redis.call('DEL', jobKey(id), resultKey(id))
announce(id, job[2])
return 1
