-- Ends a run, and caches its result unless it was invalidated since the run began. Notifies every
-- process if the result replaces another one.
-- Called by: RedisCacheStore.end.
-- ARGV: digest of the name, digest of the call, variant, flight, token, channel, message; if there
--   is a result also: ms for which it may be used, its length before compression or 0, id of its
--   job or -, result
-- Returns: 1 if the result is cached, else 0
local key = tag .. ':ca:' .. ARGV[2]
local own = 'f:' .. ARGV[4]
local running = redis.call('HGET', key, own)
if not running then return 0 end
local token, generation = string.match(running, '(%S+) (%S+)')
if token ~= ARGV[5] then return 0 end
redis.call('HDEL', key, own)

local cached = 0
-- When memory is nearly full, the rest is left to jobs.
if ARGV[8] and redis.call('EXISTS', tag .. ':full') == 0
    and generation == (redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-') then
  if redis.call('HEXISTS', key, 'h:' .. ARGV[3]) == 1 then redis.call('PUBLISH', ARGV[6], ARGV[7]) end
  redis.call('HSET', key, 'h:' .. ARGV[3],
    table.concat({generation, stamp, whole(now + tonumber(ARGV[8])), ARGV[9], ARGV[10]}, ' '),
    'e:' .. ARGV[3], ARGV[11])
  cached = 1
end

-- The key got a TTL of the longest time of a run, perhaps days. Shorten it to that of the entry
-- that expires last.
local longest = 0
for _, field in ipairs(redis.call('HKEYS', key)) do
  if string.sub(field, 1, 2) ~= 'e:' then
    local ends = string.match(redis.call('HGET', key, field), '%S+ %S+ (%S+)')
    longest = math.max(longest, tonumber(ends))
  end
end
if longest > 0 then redis.call('PEXPIRE', key, whole(math.max(1, longest - now))) end
return cached
