-- Stores children of a batch or chain, held; those that are stored already stay as they are.
-- Called by: RedisFlowQueue.stage.
-- ARGV: id, index of the first child, owner's index name, most jobs a queue may hold (0 = no
--   limit), ms that an index must outlive a child's start, quotas (quota.lua), count of children,
--   then for each child:
--   id, queue, delay in ms, count of further fields, constants (jobs.lua), params, field, value, …
-- Returns: {1}; {0, queue, waiting} when a queue would be full; {-1} when memory is nearly used up;
--   {-3, queue} when a queue is drained; {-4} unknown; {-5, state} no longer in state staging;
--   {-6} of another owner; {-7, setting, value, ms} when a quota is used up
useFlows()
local id, first, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4])
local flow = loadFlow(id)
if not flow then return {-4} end
if flow.owner ~= ARGV[3] then return {-6} end

-- All checks before the first write, because a script is not rolled back.
local children = {}
local added = cjson.decode(redis.call('HGET', flow.key, 'qs') or '{}')
local top = flow.top
local at = 8
local planned = {}
for index = first, first + tonumber(ARGV[7]) - 1 do
  local child = {id = ARGV[at], queue = ARGV[at + 1], delay = ARGV[at + 2], from = at + 4}
  child.to = child.from + 1 + tonumber(ARGV[at + 3]) * 2
  at = child.to + 1
  if redis.call('EXISTS', jobKey(child.id)) == 0
      and redis.call('HEXISTS', flow.key, 'm:' .. index) == 0 then
    children[#children + 1] = child
    plan(planned, ARGV[child.from])
    -- A chain has only one step in a queue at a time.
    added[child.queue] = flow.kind == 'chain' and 1 or (added[child.queue] or 0) + 1
    top = math.max(top, index + 1)
  end
end
if #children == 0 then return {1} end
if flow.state ~= 'staging' then return {-5, flow.state} end
if redis.call('EXISTS', tag .. ':full') == 1 then return {-1} end
local refused = refusal(added, limit) or overQuota(planned, ARGV[6])
if refused then return refused end
admit(planned, ARGV[6])

for _, child in ipairs(children) do hold(child, child.from, child.to) end
redis.call('HSET', flow.key, 's', flow.staged + #children, 'mx', top, 'up', stamp,
  'qs', cjson.encode(added), 'it', math.max(flow.indexTtl, tonumber(ARGV[5])))
return {1}
