-- Begins a batch or chain. Called by: RedisFlowQueue.open.
-- ARGV: id, 'batch' or 'chain', owner's index name, 1 if failures are allowed else 0, ms in which it
--   must be sealed, status TTL in ms, result TTL in ms, count of fields, field, value, …
-- Returns: 1, or -1 when memory is nearly used up
local id = ARGV[1]
if redis.call('EXISTS', tag .. ':full') == 1 then return -1 end
if redis.call('EXISTS', flowKey(id)) == 0 then
  redis.call('HSET', flowKey(id), 'st', 'staging', 'k', ARGV[2], 'oi', ARGV[3], 'af', ARGV[4],
    'tt', ARGV[6], 'tr', ARGV[7], 's', 0, 'mx', 0, 'c', 0, 'f', 0, 'x', 0, 'cu', 0, 'it', 0,
    'cr', stamp, 'up', stamp, unpack(ARGV, 9, 8 + tonumber(ARGV[8]) * 2))
  redis.call('ZADD', FLOWS, now + tonumber(ARGV[5]), id)
end
return 1
