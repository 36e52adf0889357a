-- Looks for the cached result of a call and, unless it is only to look, begins the run that makes it
-- or joins the one that is making it. The run's mark holds its token and the generation of its name:
-- after an invalidation the mark is gone or the generation is another one, so its result is not cached.
-- Called by: RedisCacheStore.find and .begin.
-- ARGV: digest of the name, digest of the call, variant; to begin also: flight (equal for calls that
--   may share a run), token, ms that the run may take, 1 for a new run whatever is cached or running,
--   else 0
-- Returns: {1, age in ms, ms left, length before compression or 0, id of its job or -, result} if one
--   is cached; {2, token} of the run that was begun or joined; {0} if there is neither, which on
--   beginning means that this call has too many runs and results for one more
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
  -- No earlier run's result may replace that of the new one.
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
