-- Asks to be told of the changes of a job, batch or chain on a channel. Called by: RedisJobQueue.watch.
-- ARGV: id, channel
-- Returns: 1, or 0 if there is nothing to watch any more
local key = jobKey(ARGV[1])
local job = redis.call('HMGET', key, 'st', 'w')
if not job[1] then
  key = tag .. ':b:' .. ARGV[1]
  local flow = redis.call('HMGET', key, 'st', 'w', 'fi')
  if not flow[1] or flow[3] then return 0 end
  job = {flow[1], flow[2]}
elseif TERMINAL[job[1]] then
  return 0
end
local watchers = job[2] or ''
if not string.find(watchers, ARGV[2], 1, true) then
  -- A few processes at most; the oldest one falls back to its slow poll.
  if #watchers > 400 then watchers = string.gsub(watchers, '^%S+%s*', '') end
  redis.call('HSET', key, 'w', watchers == '' and ARGV[2] or watchers .. ' ' .. ARGV[2])
end
return 1
