-- Opens or closes a tool's circuit breaker for all workers. Called by: RedisWorkQueue.
-- ARGV: tool, ms for which it stays open or 0 to close it
-- Returns: 1 if the state has changed else 0
mustPass()
local tool, time = ARGV[1], tonumber(ARGV[2])
local gate = 't:' .. tool
if time > 0 then
  local was = redis.call('HGET', gateKey(gate, 'o'), 'until')
  redis.call('SADD', BREAKERS, tool)
  redis.call('HSET', gateKey(gate, 'o'), 'until', now + time)
  redis.call('PEXPIRE', gateKey(gate, 'o'), time + 86400000)
  if redis.call('SISMEMBER', GATES, gate) == 1 then
    redis.call('ZADD', OPENINGS, now + time, gate)
  end
  return was and tonumber(was) > now and 0 or 1
end
redis.call('SREM', BREAKERS, tool)
local was = redis.call('DEL', gateKey(gate, 'o'))
open(gate)
return was
