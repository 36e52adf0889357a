-- How much waits and runs. Called by: RedisJobQueue.depths and RedisQueueAdmin.
-- ARGV: none
-- Returns: {scheduled, running, held, {queue, state, held back, ms its oldest head has waited,
--   band 0, …, band 3, …}}
local waiting = {}
local states = redis.call('HGETALL', QUEUES)
for i = 1, #states, 2 do
  local queue = states[i]
  local oldest = 0
  local lengths = lengthsOf(queue)
  for band = 0, 3 do
    local head = nextIn(queue, band)
    local since = head and waitingSince(head)
    if since then oldest = math.max(oldest, now - since) end
  end
  for _, value in ipairs({queue, states[i + 1],
      tonumber(redis.call('HGET', PARKED, queue) or 0), oldest}) do
    table.insert(waiting, value)
  end
  for band = 0, 3 do table.insert(waiting, lengths[band]) end
end
return {redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', LEASES), redis.call('ZCARD', HELD),
  waiting}
