-- Stores the partial result of a job that was cancelled or whose deadline has passed. Its last
-- worker does so once, when the tool has stopped; this also ends the lease.
-- Called by: RedisWorkQueue.attachPartial.
-- ARGV: id, fence, nonce, result field, value, …
-- Returns: 1 accepted, 0 not ended in this way, or another worker's job
mustPass()
local job = load(ARGV[1])
if not job or not (job.state == 'cancelled' or job.overdue) or job.fence ~= ARGV[2]
    or job.nonce ~= ARGV[3] then
  return 0
end
unlease(job)
redis.call('HSET', jobKey(job.id), 'n', '')
if #ARGV > 3 and redis.call('EXISTS', resultKey(job.id)) == 1 then
  redis.call('HSET', resultKey(job.id), unpack(ARGV, 4))
end
announce(job.id, job.watchers)
return 1
