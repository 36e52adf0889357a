-- Adds the sums of a process to the statistics of the current hour. Called by:
-- RedisStatisticsStore.add, every ten seconds by a process that did anything.
-- KEYS[1]  the installation's tag; all keys begin with it
-- ARGV     the process, the number of its batch, how many operations an hour has at most of each
--   kind, TTL in seconds, of the jobs that ended: count, failures, measured, their µs; then for each operation: kind, name, count, failures, measured, their
--   µs, longest in µs, with known memory, its bytes, count of buckets, bucket, calls in it, …
-- Returns  {'1'} added, {'0'} the batch was added before
local tag = KEYS[1]
local mark = tag .. ':stat:p:' .. ARGV[1]
if tonumber(redis.call('GET', mark) or '0') >= tonumber(ARGV[2]) then return {'0'} end
local most, ttl = tonumber(ARGV[3]), ARGV[4]
local seconds = tonumber(redis.call('TIME')[1])
local hour = string.format('%d', math.floor(seconds / 3600))
local minute = string.format('%d', math.floor(seconds / 60))
local key, minutes = tag .. ':stat:h:' .. hour, tag .. ':stat:m:' .. hour

local function add(hash, field, number)
  if number ~= '0' then redis.call('HINCRBY', hash, field, number) end
end

add(minutes, minute .. ' c', ARGV[5])
add(minutes, minute .. ' f', ARGV[6])
add(minutes, minute .. ' t', ARGV[7])
add(minutes, minute .. ' u', ARGV[8])
local at = 9
while ARGV[at] do
  local kind, operation = ARGV[at], ARGV[at] .. ' ' .. ARGV[at + 1]
  if ARGV[at + 1] ~= 'other' and redis.call('HEXISTS', key, 'c ' .. operation) == 0 then
    if redis.call('HINCRBY', key, 'n ' .. kind, 1) > most then operation = kind .. ' other' end
  end
  redis.call('HINCRBY', key, 'c ' .. operation, ARGV[at + 2])
  add(key, 'f ' .. operation, ARGV[at + 3])
  add(key, 't ' .. operation, ARGV[at + 4])
  add(key, 'u ' .. operation, ARGV[at + 5])
  if tonumber(ARGV[at + 6]) > tonumber(redis.call('HGET', key, 'x ' .. operation) or '0') then
    redis.call('HSET', key, 'x ' .. operation, ARGV[at + 6])
  end
  add(key, 'm ' .. operation, ARGV[at + 7])
  add(key, 'b ' .. operation, ARGV[at + 8])
  local buckets = tonumber(ARGV[at + 9])
  at = at + 10
  for _ = 1, buckets do
    redis.call('HINCRBY', key, ARGV[at] .. ' ' .. operation, ARGV[at + 1])
    at = at + 2
  end
end
redis.call('EXPIRE', key, ttl)
redis.call('EXPIRE', minutes, 7200)
redis.call('SET', mark, ARGV[2], 'EX', ttl)
return {'1'}
