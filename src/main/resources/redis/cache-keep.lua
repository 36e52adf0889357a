-- Ends a run, and keeps its answer if nothing was forgotten since it began.
-- Called by: RedisAnswerStore.keep and .end.
-- ARGV: digest of the name, digest of the call, variant, run, token, ms that the answer may be given
--   again or 0 to keep nothing, its length before it was compressed or 0, id of its job or -, answer
-- Returns: 1 if it is kept, else 0
local key = tag .. ':ca:' .. ARGV[2]
local own = 'f:' .. ARGV[4]
local running = redis.call('HGET', key, own)
if not running then return 0 end
local token, generation = string.match(running, '(%S+) (%S+)')
if token ~= ARGV[5] then return 0 end
redis.call('HDEL', key, own)

local life = tonumber(ARGV[6])
-- Jobs need the memory that is left more.
if life <= 0 or redis.call('EXISTS', tag .. ':full') == 1 then return 0 end
if generation ~= (redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-') then return 0 end
redis.call('HSET', key, 'h:' .. ARGV[3],
  table.concat({generation, stamp, whole(now + life), ARGV[7], ARGV[8]}, ' '),
  'e:' .. ARGV[3], ARGV[9])
if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, whole(life)) end
return 1
