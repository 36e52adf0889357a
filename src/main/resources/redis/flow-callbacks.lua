-- Stores the callbacks of a batch or chain, held; those that are stored already stay as they are.
-- Called by: RedisFlowQueue.callbacks.
-- ARGV: id, owner's index name, ms that an index must outlive a callback's start, quotas
--   (quota.lua), count of callbacks, then for each one:
--   then or catch or finally, id, delay in ms, count of further fields, constants (jobs.lua),
--   params, field, value, …
-- Returns: {1}; {-1} when memory is nearly used up; {-4} unknown; {-5, state} no longer in state
--   staging; {-6} of another owner; {-7, setting, value, ms} when a quota is used
--   up
useFlows()
local flow = loadFlow(ARGV[1])
if not flow then return {-4} end
if flow.owner ~= ARGV[2] then return {-6} end
local callbacks = {}
local at = 6
local planned = {}
for _ = 1, tonumber(ARGV[5]) do
  local callback = {name = ARGV[at], id = ARGV[at + 1], delay = ARGV[at + 2],
    from = at + 4}
  callback.to = callback.from + 1 + tonumber(ARGV[at + 3]) * 2
  at = callback.to + 1
  if not redis.call('HGET', flow.key, callback.name) then
    callbacks[#callbacks + 1] = callback
    plan(planned, ARGV[callback.from])
  end
end
if #callbacks == 0 then return {1} end
if flow.state ~= 'staging' then return {-5, flow.state} end
if redis.call('EXISTS', tag .. ':full') == 1 then return {-1} end
local refused, use = overQuota(planned, ARGV[4])
if refused then return refused end
admit(planned, ARGV[4], use)
for _, callback in ipairs(callbacks) do
  hold(callback, callback.from, callback.to)
  redis.call('HSET', flow.key, callback.name, 'held')
end
redis.call('HSET', flow.key, 'up', stamp, 'it', math.max(flow.indexTtl, tonumber(ARGV[3])))
return {1}
