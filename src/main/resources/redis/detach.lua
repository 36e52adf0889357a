-- Marks that a client gets a job's id; from now on its disconnect does not cancel the job.
-- Called by: RedisJobQueue.detach, before the id is sent.
-- ARGV: id, the TTL in ms that is announced to the client or ''
-- Returns: the values of a view of the job (view.lua); none if it is unknown
mustPass()
local id, ttl = ARGV[1], ARGV[2]
local key = jobKey(id)
local job = redis.call('HMGET', key, 'st', 'c', 'at', 'u', 'e')
if not job[1] then return {} end
redis.call('HSET', key, 'ho', 1)
if ttl ~= '' and tonumber(ttl) > tonumber(job[3] or 0) then
  redis.call('HSET', key, 'at', ttl)
  special(id)
  if TERMINAL[job[1]] then
    local left = timesIn(job[2]) + tonumber(ttl) - now
    for _, kept in ipairs({key, resultKey(id), tag .. ':u:' .. (job[4] or '')}) do
      local pttl = redis.call('PTTL', kept)
      if pttl >= 0 and pttl < left then redis.call('PEXPIRE', kept, left) end
    end
    local finished, expires = string.match(job[5], '(%d+) (%d+)')
    if tonumber(expires) < now + left then
      redis.call('HSET', key, 'e', finished .. ' ' .. whole(now + left))
    end
  end
end
return viewOf(id)
