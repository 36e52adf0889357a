-- Functions that change whole batches and chains. Scripts call useFlows() before they use them.

-- Starts or cancels the next children of a flow. Returns 1 if some are left for later else 0.
-- limit: how many children at most. leave: ms before upkeep continues in place of the caller.
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

-- Continues flows whose process died, and cancels flows that were not sealed in time.
local function lookAfterFlows()
  local due = redis.call('ZRANGEBYSCORE', FLOWS, '-inf', now, 'LIMIT', 0, 5)
  if #due > 0 then useFlows() end
  for _, id in ipairs(due) do
    local flow = loadFlow(id)
    if flow and flow.state == 'staging' then
      stop(id, 'unsealed', 100)
    else
      advance(id, 100, 0)
    end
  end
end

-- Checks whether queues may take more jobs. added: queue to count. Returns the reply that refuses
-- them, or nil.
local function refusal(added, limit)
  for queue, count in pairs(added) do
    if redis.call('HGET', QUEUES, queue) == 'draining' then return {-3, queue} end
    if limit > 0 then
      local waiting = overLength(queue, count, limit)
      if waiting then return {0, queue, waiting} end
    end
  end
  return nil
end

-- Stores a child or callback, held. from, to: the places of its constants and its last field in ARGV.
local function hold(job, from, to)
  redis.call('HSET', jobKey(job.id), 'st', 'held', 'c', stamp .. ' ' .. ARGV[from],
    'p', ARGV[from + 1], 'dl', job.delay, unpack(ARGV, from + 2, to))
end
