-- Counts waiting and running jobs. Called by: RedisJobQueue.depths and RedisQueueAdmin.
-- ARGV: none
-- Returns: {scheduled, running, held, {per queue: name, state, count of jobs at gates, ms that its
--   oldest job has waited, counts of bands 0 to 3}}. The oldest job is sought among the first jobs
--   of owners and of gates; where very many owners wait it is an estimate.
local waiting = {}
-- By queue, the time since which the first jobs of gates have waited. Each owner may have a gate,
-- so at most a thousand gates are examined.
local heldSince = {}
for _, gate in ipairs(redis.call('SRANDMEMBER', GATES, 1000)) do
  for band = 0, 3 do
    for _, id in ipairs(headsAt(gate, band)) do
      local job = redis.call('HMGET', jobKey(id), 'st', 'wg', 'c', 'qa')
      if job[1] == 'queued' and job[2] == gate then
        local since = tonumber(job[4] or timesIn(job[3]))
        local queue = placeIn(job[3])
        heldSince[queue] = math.min(heldSince[queue] or since, since)
      end
    end
  end
end
-- In a band the heads of the first 100 owners in turn are examined, of all bands together 1,000.
local examined = 0
local states = redis.call('HGETALL', QUEUES)
for i = 1, #states, 2 do
  local queue = states[i]
  local oldest = heldSince[queue] and math.max(0, now - heldSince[queue]) or 0
  local lengths, gated = lengthsOf(queue)
  for band = 0, 3 do
    if lengths[band] > 0 then
      for _, head in ipairs(headsIn(queue, band, examined < 1000 and 100 or 1)) do
        examined = examined + 1
        local since = waitingSince(head)
        if since then oldest = math.max(oldest, now - since) end
      end
    end
  end
  for _, value in ipairs({queue, states[i + 1], gated, oldest}) do table.insert(waiting, value) end
  for band = 0, 3 do table.insert(waiting, lengths[band]) end
end
return {redis.call('ZCARD', SCHEDULED), redis.call('ZCARD', LEASES), redis.call('ZCARD', HELD),
  waiting}
