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

-- Beginning a run gave the key as long as the longest run may take, days perhaps; from now on it
-- lives no longer than what is still in it.
local function shorten()
  local longest = 0
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) ~= 'e:' then
      local ends = string.match(redis.call('HGET', key, field), '%S+ %S+ (%S+)')
      longest = math.max(longest, tonumber(ends))
    end
  end
  if longest > 0 then redis.call('PEXPIRE', key, whole(math.max(1, longest - now))) end
end

local life = tonumber(ARGV[6])
-- Jobs need the memory that is left more.
if life <= 0 or redis.call('EXISTS', tag .. ':full') == 1
    or generation ~= (redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-') then
  shorten()
  return 0
end
redis.call('HSET', key, 'h:' .. ARGV[3],
  table.concat({generation, stamp, whole(now + life), ARGV[7], ARGV[8]}, ' '),
  'e:' .. ARGV[3], ARGV[9])
shorten()
return 1
