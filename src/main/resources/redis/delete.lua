-- Deletes a job and its result. Called by: RedisJobQueue.delete and drop.
-- ARGV: id, 1 to cancel it first if it has not ended else 0, the state in which it must be or ''
--   for any
-- Returns: 1 deleted, 0 not ended or in another state, -1 unknown
local job = load(ARGV[1])
if not job then return -1 end
if ARGV[3] ~= '' and job.state ~= ARGV[3] then return 0 end
if not TERMINAL[job.state] then
  if ARGV[2] ~= '1' then return 0 end
  redis.call('PUBLISH', CANCELS, job.id)
  leaveTombstone(job)
  -- This also counts it in its batch or chain, as cancelled.
  finish(job, 'cancelled', '', CANCELLED, {status = 1000})
else
  unlease(job)
end
redis.call('ZREM', SCHEDULED, job.id)
redis.call('ZREM', HELD, job.id)
redis.call('DEL', jobKey(job.id), resultKey(job.id), tag .. ':nd:' .. job.id)
if job.key then redis.call('DEL', tag .. ':u:' .. job.key) end
announce(job.id, job.watchers)
return 1
