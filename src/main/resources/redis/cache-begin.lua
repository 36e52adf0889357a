-- Begins a run whose answer is to be kept, or finds the one that goes on for the same call.
-- What is forgotten from now on is not kept by it: its mark is gone, or its generation is another.
-- Called by: RedisAnswerStore.begin.
-- ARGV: digest of the name, digest of the call, variant, run (who may share it), token, ms that it
--   may take, 1 if it must be a new one whatever is kept or goes on, else 0
-- Returns: {1} if an answer is kept, {2, token} of the run that goes on or was begun, {3} if too much
--   goes on or is kept for this call, so that its answer will not be kept
local MOST = 64
local key = tag .. ':ca:' .. ARGV[2]
local generation = redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-'
local time = tonumber(ARGV[6])
local own = 'f:' .. ARGV[4]

if ARGV[7] == '0' then
  local kept = redis.call('HGET', key, 'h:' .. ARGV[3])
  if kept then
    local its, ends = string.match(kept, '(%S+) %S+ (%S+)')
    if its == generation and tonumber(ends) > now then return {1} end
  end
  local running = redis.call('HGET', key, own)
  if running then
    local token, its, ends = string.match(running, '(%S+) (%S+) (%S+)')
    if its == generation and tonumber(ends) > now then return {2, token} end
  end
elseif redis.call('EXISTS', key) == 1 then
  -- Nothing that began before may be kept after it.
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'f:' then redis.call('HDEL', key, field) end
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
  if redis.call('HLEN', key) >= MOST then return {3} end
end
redis.call('HSET', key, own, ARGV[5] .. ' ' .. generation .. ' ' .. whole(now + time))
if redis.call('PTTL', key) < time then redis.call('PEXPIRE', key, whole(time)) end
return {2, ARGV[5]}
