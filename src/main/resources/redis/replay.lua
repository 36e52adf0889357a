-- Replays a dead job as a new one. Called by: RedisQueueAdmin.replay.
-- ARGV: id of the dead job, id of the new one, owner's index name, status TTL in ms, quotas
--   (quota.lua)
-- Returns: id of the job that replays it, or '' if it is unknown or not dead; '-SETTING VALUE MS'
--   when a quota is used up (overQuota)
local old, id = ARGV[1], ARGV[2]
local state = redis.call('HMGET', jobKey(old), 'st', 'rb')
if state[1] ~= 'dead' then return '' end
if state[2] and redis.call('EXISTS', jobKey(state[2])) == 1 then return state[2] end
local size = redis.call('HMGET', jobKey(old), 'c', 'z', 'p')
local bytes = tonumber(size[2] or #size[3] + 512)
local owners = {[ownerIn(size[1])] = {1, bytes}}
local refused = overQuota(owners, ARGV[5])
if refused then return '-' .. refused[2] .. ' ' .. refused[3] .. ' ' .. refused[4] end
admit(owners, ARGV[5])
local copied = {'c', 't', 'p', 'h', 'q', 'b', 'rp', 'x', 'md', 'cl', 'rl', 'rc', 'cc', 'og', 'nt', 'de'}
local values = redis.call('HMGET', jobKey(old), unpack(copied))
local fields = {}
local queue, band, deadline
for i, name in ipairs(copied) do
  if values[i] then
    fields[#fields + 1] = name
    fields[#fields + 1] = values[i]
  end
  if name == 'q' then queue = values[i] elseif name == 'b' then band = values[i] end
  if name == 'de' then deadline = values[i] end
end
-- A replayed callback belongs to its batch or chain, because it reads it. A replayed child does
-- not: its first run was counted already.
local place = redis.call('HMGET', jobKey(old), 'fl', 'fx')
if place[1] and tonumber(place[2]) < 0 then
  for _, value in ipairs({'fl', place[1], 'fx', place[2]}) do fields[#fields + 1] = value end
end
-- The new job may be attempted for as long as the first one.
local times = redis.call('HMGET', jobKey(old), 'cr', 'ru')
local retryFor = tonumber(times[2]) - tonumber(times[1])
redis.call('HSET', jobKey(id), 'st', 'queued', 'cr', now, 'qa', now, 'up', now, 'f', 0, 'a', 0,
  'n', '', 'ru', now + retryFor, 'ro', old, 'z', whole(bytes), unpack(fields))
redis.call('HSET', jobKey(old), 'rb', id)
addToLine(queue, band, size[1], id)
if deadline then bound(id, now + retryFor) end
-- The index entry must live as long as the job can exist.
addToIndex(tag .. ':o:' .. ARGV[3], {id}, retryFor + tonumber(ARGV[4]) + 7200000)
wake(queue)
return id
