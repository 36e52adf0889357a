-- Asks to be told of the changes of a job, batch or chain on a channel.
-- Called by: RedisJobQueue.watch.
-- ARGV: id, channel
-- Returns: the values of the fields of a view of the job; none if it is unknown. One that has ended is
--   not watched any more.
local key = jobKey(ARGV[1])
local found = redis.call('HMGET', key, 'st', 'w')
local isJob = found[1]
if not isJob then
  -- Of a batch or chain the caller reads what he wants himself; its marks can be many.
  key = tag .. ':b:' .. ARGV[1]
  found = redis.call('HMGET', key, 'st', 'w', 'fi')
  if not found[1] or found[3] then return {} end
end
if not isJob or not TERMINAL[isJob] then
  local watchers = found[2] or ''
  if not string.find(watchers, ARGV[2], 1, true) then
    -- A few processes at most; the oldest one falls back to its slow poll.
    if #watchers > 400 then watchers = string.gsub(watchers, '^%S+%s*', '') end
    redis.call('HSET', key, 'w', watchers == '' and ARGV[2] or watchers .. ' ' .. ARGV[2])
  end
end
return isJob and viewOf(ARGV[1]) or {}
