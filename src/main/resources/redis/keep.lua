-- Ends a held job with a result that its caller already has, so that it can be read in pages.
-- Called by: RedisJobQueue.keep, right after it has stored the job.
-- ARGV: id, nonce of the staged result, status TTL in ms, result TTL in ms
-- Returns: 1 ended, 0 not held or its staged result has expired, -1 unknown
mustPass()
local job = load(ARGV[1])
if not job then return -1 end
local staged = resultKey(job.id) .. ':' .. ARGV[2]
if job.state ~= 'held' or redis.call('EXISTS', staged) == 0 then return 0 end
redis.call('ZREM', HELD, job.id)
-- It was run, but not by a worker.
redis.call('HSET', jobKey(job.id), 'k', '- 0 1 ' .. stamp)
finish(job, 'completed', '', nil, {status = tonumber(ARGV[3]), result = tonumber(ARGV[4])},
  {staged = staged})
return 1
