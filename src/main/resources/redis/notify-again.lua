-- Tells once more of a job, batch or chain that has ended. Called by: RedisNotificationQueue.again.
-- ARGV: id, channel or '' for all of them, ms that the log must be kept
-- Returns: the ids of the deliveries, none if it is unknown, goes on, or has nobody to tell
local id = ARGV[1]
local only = ARGV[2] ~= '' and ARGV[2] or nil
local round = time[1] .. '.' .. time[2] -- Redis runs one script at a time, and each takes its time
local job = redis.call('HMGET', jobKey(id), 'st', 'nt', 'fi')
if job[1] then
  if not TERMINAL[job[1]] or not job[2] then return {} end
  return notifyEnd(id, 'job', job[1], job[2], job[3], tonumber(ARGV[3]), only, round)
end
local flow = redis.call('HMGET', tag .. ':b:' .. id, 'st', 'nt', 'fi', 'k', 'n')
if not flow[2] or not flow[3] or not flow[5] then return {} end
return notifyEnd(id, flow[4], flow[1], flow[2], flow[3], tonumber(ARGV[3]), only, round)
