-- Asks to be told of a job's changes on a channel. Called by: RedisJobQueue.watch.
-- ARGV: id, channel
-- Returns: the job's fields and values; none if it is unknown. One that has ended is not watched any more.
local key = jobKey(ARGV[1])
local fields = redis.call('HGETALL', key)
local state, watchers
for i = 1, #fields, 2 do
  if fields[i] == 'st' then state = fields[i + 1] end
  if fields[i] == 'w' then watchers = fields[i + 1] end
end
if not state or TERMINAL[state] then return fields end
watchers = watchers or ''
if not string.find(watchers, ARGV[2], 1, true) then
  -- A few processes at most; the oldest one falls back to its slow poll.
  if #watchers > 400 then watchers = string.gsub(watchers, '^%S+%s*', '') end
  redis.call('HSET', key, 'w', watchers == '' and ARGV[2] or watchers .. ' ' .. ARGV[2])
end
return fields
