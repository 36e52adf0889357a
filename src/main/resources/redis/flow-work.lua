-- Batches and chains, what is done to whole ones. Put behind flow.lua.
useFlows()

-- Takes the next step of a flow that is half started or half stopped. Returns 1 if some children
-- are left for later else 0. leave: ms that upkeep leaves the rest to the caller.
local function advance(id, limit, leave)
  local flow = loadFlow(id)
  if not flow or flow.finished then
    redis.call('ZREM', FLOWS, id)
    return 0
  end
  if flow.why then return sweep(id, limit) end
  if flow.state == 'staging' then return 0 end
  local to = math.min(flow.started + limit, flow.total)
  local ids = {}
  for index = flow.started, to - 1 do ids[#ids + 1] = childId(id, index) end
  startJobs(flow, ids)
  redis.call('HSET', flow.key, 'cu', whole(to), 'up', stamp)
  if to < flow.total then
    redis.call('ZADD', FLOWS, whole(now + leave), id)
    return 1
  end
  redis.call('ZREM', FLOWS, id)
  return 0
end

-- Goes on where a process died, and ends flows that were not sealed in time.
local function lookAfterFlows()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', FLOWS, '-inf', now, 'LIMIT', 0, 5)) do
    local flow = loadFlow(id)
    if flow and flow.state == 'staging' then
      stop(id, 'unsealed', 100)
    else
      advance(id, 100, 0)
    end
  end
end

-- Why queues cannot take that many more jobs each: an answer to return, or nil.
local function refusal(added, limit)
  for queue, count in pairs(added) do
    if redis.call('HGET', QUEUES, queue) == 'draining' then return {-3, queue} end
    if limit > 0 then
      local waiting = tonumber(redis.call('HGET', PARKED, queue) or 0) + lengthOf(queue)
      if waiting + count > limit then return {0, queue, waiting} end
    end
  end
  return nil
end

-- Stores a child or callback; fields: its first and last place in ARGV.
local function hold(job, from, to)
  redis.call('HSET', jobKey(job.id), 'st', 'held', 'cr', stamp, 'ru', whole(now + job.retryFor),
    'rf', whole(job.retryFor), 'dl', job.delay, unpack(ARGV, from, to))
end
