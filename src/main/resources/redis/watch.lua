-- Subscribes a channel to the changes of a job, batch or chain, unless it has ended.
-- Called by: RedisJobQueue.watch.
-- ARGV: id, channel
-- Returns: the values of a view of the job (view.lua); none for a flow or an unknown id
local key = jobKey(ARGV[1])
local found = redis.call('HMGET', key, 'st', 'w')
local isJob = found[1]
if not isJob then
  -- The caller reads a batch or chain itself, because it can have many marks.
  key = tag .. ':b:' .. ARGV[1]
  found = redis.call('HMGET', key, 'st', 'w', 'fi')
  if not found[1] or found[3] then return {} end
end
if not isJob or not TERMINAL[isJob] then
  local watchers = found[2] or ''
  if not string.find(watchers, ARGV[2], 1, true) then
    -- The number of watchers is bounded; the oldest one falls back to its slow poll.
    if #watchers > 400 then watchers = string.gsub(watchers, '^%S+%s*', '') end
    redis.call('HSET', key, 'w', watchers == '' and ARGV[2] or watchers .. ' ' .. ARGV[2])
    if isJob then watched(ARGV[1]) end
  end
end
return isJob and viewOf(ARGV[1]) or {}
