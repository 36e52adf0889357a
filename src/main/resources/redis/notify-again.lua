-- Repeats the notifications of the end of a job, batch or chain.
-- Called by: RedisNotificationQueue.again.
-- ARGV: id, channel or '' for all of them, TTL of the log in ms
-- Returns: the ids of the deliveries; none if the job or flow is unknown, has not ended or has no
--   channel; '-' if too many of its deliveries have not ended, or memory is nearly used up
local id = ARGV[1]
local only = ARGV[2] ~= '' and ARGV[2] or nil
-- Open deliveries at which a requested repetition is refused. The first delivery has no such limit.
local MOST = 20
local open, seen = 0, {}
for _, stored in ipairs(redis.call('LRANGE', tag .. ':nd:' .. id, 0, -1)) do
  local delivery = cjson.decode(stored).d
  if not seen[delivery] then
    seen[delivery] = true
    local state = redis.call('HGET', jobKey(delivery), 'st')
    if state and not TERMINAL[state] then open = open + 1 end
  end
end
if open >= MOST or redis.call('EXISTS', tag .. ':full') == 1 then return {'-'} end
local round = time[1] .. '.' .. time[2] -- unique: Redis runs one script at a time
local job = redis.call('HMGET', jobKey(id), 'st', 'nt', 'e', 'c')
if job[1] then
  if not TERMINAL[job[1]] or not job[2] then return {} end
  local _, owner = useIn(string.match(job[4], ' (.*)'))
  return notifyEnd(id, owner, 'job', job[1], job[2], string.match(job[3], '%d+'),
    tonumber(ARGV[3]), only, round)
end
local flow = redis.call('HMGET', tag .. ':b:' .. id, 'st', 'nt', 'fi', 'k', 'n', 'oi')
if not flow[2] or not flow[3] or not flow[5] then return {} end
return notifyEnd(id, flow[6], flow[4], flow[1], flow[2], flow[3], tonumber(ARGV[3]), only, round)
