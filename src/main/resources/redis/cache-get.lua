-- Looks up the cached result of a call. To begin (ARGV from flight on), it also begins a run that
-- makes the result, or joins the one that is under way. A run is recorded with its token and the
-- generation of the name. An invalidation removes the record or changes the generation, and the
-- result of the run is then not cached.
-- Called by: RedisCacheStore.find and .begin.
-- ARGV: digest of the name, digest of the call, variant; to begin also: flight (equal for calls
--   that may share a run), token, ms that the run may take, 1 to begin a new run in any case else 0
-- Returns: {1, age in ms, ms left, length before compression or 0, id of its job or -, result} if
--   a result is cached; {2, token} of the run that was begun or joined; {0} if no result is cached
--   and, to begin, the call has too many runs and results already
local MOST = 64
local key = tag .. ':ca:' .. ARGV[2]
local generation = redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-'

if ARGV[7] ~= '1' then
  local cached = redis.call('HMGET', key, 'h:' .. ARGV[3], 'e:' .. ARGV[3])
  if cached[1] and cached[2] then
    local its, made, ends, length, job =
      string.match(cached[1], '(%S+) (%S+) (%S+) (%S+) (%S+)')
    if its == generation and tonumber(ends) > now then
      return {1, whole(math.max(0, now - made)), whole(ends - now), length, job, cached[2]}
    end
  end
end
if not ARGV[4] then return {0} end

local own = 'f:' .. ARGV[4]
if ARGV[7] == '1' then
  -- The result of an earlier run must not replace that of the new one.
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'f:' then redis.call('HDEL', key, field) end
  end
else
  local running = redis.call('HGET', key, own)
  if running then
    local token, its, ends = string.match(running, '(%S+) (%S+) (%S+)')
    if its == generation and tonumber(ends) > now then return {2, token} end
  end
end

if redis.call('HLEN', key) >= MOST then
  for _, field in ipairs(redis.call('HKEYS', key)) do
    local kind = string.sub(field, 1, 2)
    if kind ~= 'e:' then
      local ends = string.match(redis.call('HGET', key, field), '%S+ %S+ (%S+)')
      if tonumber(ends) <= now then
        redis.call('HDEL', key, field)
        if kind == 'h:' then redis.call('HDEL', key, 'e:' .. string.sub(field, 3)) end
      end
    end
  end
  if redis.call('HLEN', key) >= MOST then return {0} end
end
local time = tonumber(ARGV[6])
redis.call('HSET', key, own, ARGV[5] .. ' ' .. generation .. ' ' .. whole(now + time))
if redis.call('PTTL', key) < time then redis.call('PEXPIRE', key, whole(time)) end
return {2, ARGV[5]}
