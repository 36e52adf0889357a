-- Stores a running job's progress. Called by: RedisWorkQueue.progress.
-- ARGV: id, fence, nonce, fraction or '', message or '', checkpoints as JSON or ''
-- Returns: 1 stored, 0 the lease is lost
local id = ARGV[1]
local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'w', 'pg', 'a')
if (job[1] ~= 'running' and job[1] ~= 'input_required') or job[2] ~= ARGV[2] or job[3] ~= ARGV[3] then
  return 0
end
-- Progress never decreases: a later attempt changes it only when it exceeds the stored value.
local message = ARGV[5]
if ARGV[4] ~= '' then
  if not job[5] or tonumber(job[5]) < tonumber(ARGV[4]) then
    redis.call('HSET', jobKey(id), 'pg', ARGV[4])
  elseif tonumber(job[5]) > tonumber(ARGV[4]) and (tonumber(job[6]) or 0) > 1 then
    message = 'attempt ' .. job[6] .. ', begun again' .. (message ~= '' and ': ' .. message or '')
  end
end
redis.call('HSET', jobKey(id), 'ms', message, 'up', now)
if ARGV[6] ~= '' then redis.call('HSET', jobKey(id), 'cp', ARGV[6]) end
announce(id, job[4])
return 1
