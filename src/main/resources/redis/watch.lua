-- Asks to be told of the changes of a job, batch or chain on a channel.
-- Called by: RedisJobQueue.watch.
-- ARGV: id, channel
-- Returns: the job's fields and values; none if it is unknown. One that has ended is not watched any more.
local key = jobKey(ARGV[1])
local fields = redis.call('HGETALL', key)
local state, watchers
if #fields == 0 then
  -- Of a batch or chain the caller reads what he wants himself; its marks can be many.
  key = tag .. ':b:' .. ARGV[1]
  local flow = redis.call('HMGET', key, 'st', 'w', 'fi')
  if not flow[1] or flow[3] then return fields end
  state, watchers = flow[1], flow[2]
end
for i = 1, #fields, 2 do
  if fields[i] == 'st' then state = fields[i + 1] end
  if fields[i] == 'w' then watchers = fields[i + 1] end
end
if not state or (#fields > 0 and TERMINAL[state]) then return fields end
watchers = watchers or ''
if not string.find(watchers, ARGV[2], 1, true) then
  -- A few processes at most; the oldest one falls back to its slow poll.
  if #watchers > 400 then watchers = string.gsub(watchers, '^%S+%s*', '') end
  redis.call('HSET', key, 'w', watchers == '' and ARGV[2] or watchers .. ' ' .. ARGV[2])
end
return fields
