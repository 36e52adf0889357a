-- Stores a running job's progress. Called by: RedisWorkQueue.progress.
-- ARGV: id, fence, nonce, fraction or '', message or ''
-- Returns: 1 stored, 0 not this worker's any more
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'w', 'pg')
if (job[1] ~= 'running' and job[1] ~= 'input_required') or job[2] ~= ARGV[2] or job[3] ~= ARGV[3] then
  return 0
end
-- Never back: a later attempt is heard again only where it gets further.
if ARGV[4] ~= '' and (not job[5] or tonumber(job[5]) < tonumber(ARGV[4])) then
  redis.call('HSET', jobKey(id), 'pg', ARGV[4])
end
redis.call('HSET', jobKey(id), 'ms', ARGV[5], 'up', now)
announce(id, job[4])
return 1
