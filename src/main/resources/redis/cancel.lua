-- Cancels a job at once. Called by: RedisJobQueue.cancel.
-- ARGV: id, status TTL in ms
-- Returns: 1 cancelled, 0 already ended, -1 unknown
mustPass()
local job = load(ARGV[1])
if not job then return -1 end
if TERMINAL[job.state] then return 0 end
local ttl = {status = tonumber(ARGV[2])}
local running = job.state == 'running' or job.state == 'input_required'
leaveTombstone(job)
redis.call('ZREM', SCHEDULED, job.id)
redis.call('ZREM', HELD, job.id)
-- The worker may still store a partial result; lease and slot stay until its tool has stopped.
finish(job, 'cancelled', '', CANCELLED, ttl, nil, running)
if running then redis.call('PUBLISH', CANCELS, job.id) end
return 1
