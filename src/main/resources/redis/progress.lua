-- Stores a running job's progress. Called by: RedisWorkQueue.progress.
-- ARGV: id, token with a blank behind it, fraction or '', message or '', checkpoints as JSON or ''
-- Returns: 1 stored, 0 the lease is lost
local id = ARGV[1]
local entry = redis.call('HGET', CLAIMS, id)
if not runs(entry, ARGV[2]) then return 0 end
local job = redis.call('HMGET', jobKey(id), 'w', 'pg')
-- Progress never decreases: a later attempt changes it only when it exceeds the stored value.
local message = ARGV[4]
local fields = {'up', stamp}
if ARGV[3] ~= '' then
  if not job[2] or tonumber(job[2]) < tonumber(ARGV[3]) then
    fields[3], fields[4] = 'pg', ARGV[3]
  elseif tonumber(job[2]) > tonumber(ARGV[3]) then
    local attempt = string.match(entry, '^%S+ %S+ (%S+)')
    if tonumber(attempt) > 1 then
      message = 'attempt ' .. attempt .. ', begun again' .. (message ~= '' and ': ' .. message or '')
    end
  end
end
if ARGV[5] ~= '' then
  fields[#fields + 1] = 'cp'
  fields[#fields + 1] = ARGV[5]
end
redis.call('HSET', jobKey(id), 'ms', message, unpack(fields))
announce(id, job[1])
return 1
