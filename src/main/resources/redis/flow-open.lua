-- Begins a batch or chain. Called by: RedisFlowQueue.open.
-- ARGV: id, 'batch' or 'chain', owner's index name, 1 if failures are allowed else 0, ms in which
--   it must be sealed, status TTL in ms, result TTL in ms, digest of the idempotency key or -,
--   digest of the content or -, count of fields, field, value, …
-- Returns: {1, id}, for a known idempotency key the id of its flow, unless that was never sealed;
--   {-1} when memory is nearly used up; {-2, known id} when a key was used with other content
local id, named = ARGV[1], ARGV[8]
local key = tag .. ':u:' .. named
if named ~= '-' then
  local known, content = string.match(redis.call('GET', key) or '', '(%S+) (%S+)')
  local flow = known and redis.call('HMGET', flowKey(known), 'st', 'n')
  -- A flow that was cancelled before it was sealed was never acknowledged to a client.
  if flow and flow[1] and (flow[1] ~= 'cancelled' or flow[2]) then
    if content ~= ARGV[9] then return {-2, known} end
    return {1, known}
  end
end
if redis.call('EXISTS', tag .. ':full') == 1 then return {-1} end
if redis.call('EXISTS', flowKey(id)) == 0 then
  redis.call('HSET', flowKey(id), 'st', 'staging', 'k', ARGV[2], 'oi', ARGV[3], 'af', ARGV[4],
    'tt', ARGV[6], 'tr', ARGV[7], 's', 0, 'mx', 0, 'c', 0, 'f', 0, 'x', 0, 'cu', 0, 'it', 0,
    'cr', stamp, 'up', stamp, unpack(ARGV, 11, 10 + tonumber(ARGV[10]) * 2))
  redis.call('ZADD', FLOWS, now + tonumber(ARGV[5]), id)
  if named ~= '-' then
    -- It expires unless the flow is sealed.
    redis.call('SET', key, id .. ' ' .. ARGV[9], 'PX', whole(ARGV[5] + ARGV[6]))
    redis.call('HSET', flowKey(id), 'u', named)
  end
end
return {1, id}
