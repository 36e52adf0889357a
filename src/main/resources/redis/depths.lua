-- How much waits and runs. Called by: RedisJobQueue.depths.
-- ARGV: none
-- Returns: {scheduled, running, ms the oldest head has waited, {queue, band 0, …, band 3, …}}
local oldest = 0
local waiting = {}
for _, queue in ipairs(redis.call('SMEMBERS', tag .. ':queues')) do
  table.insert(waiting, queue)
  for band = 0, 3 do
    table.insert(waiting, redis.call('LLEN', bandKey(queue, band)))
    local head = redis.call('LINDEX', bandKey(queue, band), -1)
    if head then
      local since = redis.call('HGET', jobKey(head), 'qa')
      if since then oldest = math.max(oldest, now - tonumber(since)) end
    end
  end
end
return {redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', LEASES), oldest, waiting}
