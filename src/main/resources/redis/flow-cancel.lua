-- Cancels a batch or chain and all its children that have not ended.
-- Called by: RedisFlowQueue.cancel.
-- ARGV: id, how many children to cancel at most
-- Returns: 2 cancelled and children are left for flow-advance, 1 cancelled, 0 already ended,
--   -1 unknown
mustPass()
useFlows()
local flow = loadFlow(ARGV[1])
if not flow then return -1 end
if flow.finished then return 0 end
local left
if flow.state == 'cancelled' then
  left = sweep(flow.id, tonumber(ARGV[2]))
else
  left = stop(flow.id, 'cancelled', tonumber(ARGV[2]))
end
return left == 1 and 2 or 1
