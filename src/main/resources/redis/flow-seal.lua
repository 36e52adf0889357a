-- Accepts a flow whose children are all stored, and starts the first of them.
-- Called by: RedisFlowQueue.seal.
-- ARGV: id, count of children, most jobs a queue may hold (0 = no limit), how many to start at most
-- Returns: {1, 1 if children are left for flow-advance else 0}; {0, queue, waiting} when a queue is
--   full; {-2, count stored} when children are missing; {-3, queue} when a queue is drained; {-4}
--   unknown; {-5, state} ended, or sealed with another count
mustPass()
useFlows()
local id, total = ARGV[1], tonumber(ARGV[2])
local flow = loadFlow(id)
if not flow then return {-4} end
if flow.total then
  if flow.total ~= total then return {-5, flow.state} end
  return {1, redis.call('ZSCORE', FLOWS, id) and 1 or 0}
end
if flow.state ~= 'staging' then return {-5, flow.state} end
if flow.staged ~= total or flow.top ~= total then return {-2, flow.staged} end
local refused = refusal(cjson.decode(redis.call('HGET', flow.key, 'qs') or '{}'), tonumber(ARGV[3]))
if refused then return refused end

redis.call('HSET', flow.key, 'st', 'running', 'n', total, 'se', stamp, 'up', stamp)
redis.call('HDEL', flow.key, 'qs')
if flow.named then redis.call('PERSIST', tag .. ':u:' .. flow.named) end
local left
if flow.kind == 'batch' then
  left = advance(id, tonumber(ARGV[4]), 2000)
else
  redis.call('ZREM', FLOWS, id)
  redis.call('HSET', flow.key, 'cu', total)
  if flow.x > 0 then
    left = stop(id, 'child', 100) -- one of its steps was cancelled before it was sealed
  else
    startJobs(flow, {childId(id, 0)})
    left = 0
  end
end
settle(id)
return {1, left}
