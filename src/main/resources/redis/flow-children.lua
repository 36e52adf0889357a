-- Reads the states of the children of a batch or chain. Called by: RedisFlowQueue.children.
-- ARGV: id, index of the first child, how many at most
-- Returns: per child its state or '' if it does not exist, and its mark (flow.lua) or ''
useFlows()
local flow = loadFlow(ARGV[1])
if not flow then return {} end
local first = tonumber(ARGV[2])
local children = {}
for index = first, math.min(first + tonumber(ARGV[3]), flow.top) - 1 do
  local id = childId(flow.id, index)
  children[#children + 1] = stateOf(id, redis.call('HGET', jobKey(id), 'st')) or ''
  children[#children + 1] = redis.call('HGET', flow.key, 'm:' .. index) or ''
end
return children
