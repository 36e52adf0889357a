-- Replays a dead job as a new one. Called by: RedisQueueAdmin.replay.
-- ARGV: id of the dead job, id of the new one, status TTL in ms, quotas (quota.lua)
-- Returns: id of the job that replays it, or '' if it is unknown or not dead; '-SETTING VALUE MS'
--   when a quota is used up (overQuota)
local old, id = ARGV[1], ARGV[2]
local state = redis.call('HMGET', jobKey(old), 'st', 'rb', 'c')
if state[1] ~= 'dead' then return '' end
if state[2] and redis.call('EXISTS', jobKey(state[2])) == 1 then return state[2] end
-- The new job may be attempted for as long as the first one.
local constants = string.match(state[3], ' (.*)')
local size, owner = useIn(constants)
if size == '0' then -- stored by an earlier version, which did not count jobs
  size = whole(redis.call('HSTRLEN', jobKey(old), 'p') + 512)
  constants = string.gsub(constants, '^(%S+ %S+) %S+', '%1 ' .. size)
end
local owners = {[owner] = {1, tonumber(size)}}
local refused, use = overQuota(owners, ARGV[4])
if refused then return '-' .. refused[2] .. ' ' .. refused[3] .. ' ' .. refused[4] end
admit(owners, ARGV[4], use)
local copied = {'p', 'x', 'md', 'cl', 'rl', 'rc', 'cc', 'nt', 'de'}
local values = redis.call('HMGET', jobKey(old), unpack(copied))
constants = stamp .. ' ' .. constants
local fields = {'st', 'queued', 'c', constants, 'ro', old}
for i, name in ipairs(copied) do
  if values[i] then
    fields[#fields + 1] = name
    fields[#fields + 1] = values[i]
  end
end
-- A replayed callback belongs to its batch or chain, because it reads it. A replayed child does
-- not: its first run was counted already.
local place = redis.call('HMGET', jobKey(old), 'fl', 'fx')
if place[1] and tonumber(place[2]) < 0 then
  for _, value in ipairs({'fl', place[1], 'fx', place[2]}) do fields[#fields + 1] = value end
end
local _, retryFor = timesIn(constants)
local queue, band = placeIn(constants)
redis.call('HSET', jobKey(id), unpack(fields))
redis.call('HSET', jobKey(old), 'rb', id)
addToLine(queue, band, constants, id)
if values[9] then bound(id, now + retryFor) end
-- The index entry must live as long as the job can exist.
addToIndex(tag .. ':o:' .. owner, {id}, retryFor + tonumber(ARGV[3]) + 7200000)
wake(queue)
return id
