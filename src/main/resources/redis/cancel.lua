-- Cancels a job, at once in every view. Called by: RedisJobQueue.cancel and delete.
-- ARGV: id, status TTL in ms, result TTL in ms
-- Returns: 1 cancelled, 0 already finished, -1 unknown
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'cr', 'at', 'w')
if not job[1] then return -1 end
if TERMINAL[job[1]] then return 0 end
local running = job[1] == 'running' or job[1] == 'input_required'
local expiry = redis.call('ZSCORE', LEASES, id)
finish(id, 'cancelled', '', {'k', 'c'}, tonumber(ARGV[2]), tonumber(ARGV[3]), '0', job[2], job[3])
redis.call('ZREM', SCHEDULED, id)
if running then
  -- The worker keeps the token, to attach what it had, and the lease until it has stopped.
  if expiry then redis.call('ZADD', LEASES, expiry, id) end
  redis.call('PUBLISH', CANCELS, id)
end
announce(id, job[4])
return 1
