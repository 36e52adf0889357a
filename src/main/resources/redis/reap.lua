-- Takes back jobs whose lease ran out. Called by: RedisWorkQueue.reap, from every worker's upkeep.
-- ARGV: lease in ms, how many at most, how often a job may lose its worker, error of a job that may
--   not be repeated, error of a job that lost too many workers, status TTL in ms, result TTL in ms,
--   1 to take back every lease whatever its time (the store is this process's alone) else 0,
--   the share of maxmemory above which enqueue refuses
-- Returns: {{id requeued, …}, {id ended, …}, ms until the next lease ends or -1 if there is none}
local lease, limit, cap = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local unknown, poison = ARGV[4], ARGV[5]
local statusTtl, resultTtl = tonumber(ARGV[6]), tonumber(ARGV[7])
local all = ARGV[8] == '1'
local memoryLimit = tonumber(ARGV[9])

-- Completions and renewals must always get through, so enqueue stops before memory is used up. An
-- ACL may forbid INFO; then Redis' own out-of-memory error is the limit.
local memory = redis.pcall('INFO', 'memory')
if type(memory) == 'string' then
  local most = tonumber(string.match(memory, 'maxmemory:(%d+)') or 0)
  local used = tonumber(string.match(memory, 'used_memory:(%d+)') or 0)
  if most > 0 and used > most * memoryLimit then
    redis.call('SET', tag .. ':full', 1, 'PX', 30000)
  else
    redis.call('DEL', tag .. ':full')
  end
end

-- When it is worth looking again: a reaper that comes just then takes a lost worker's jobs back
-- without the wait that a fixed period adds.
local function nextExpiry()
  local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
  if not first[2] then return -1 end
  return math.max(0, tonumber(first[2]) - now)
end

-- Nobody reaped for a while, or the clock jumped: the leases say nothing about their workers, who
-- could not renew either. Give everyone one lease more instead of taking everything back at once.
local last = tonumber(redis.call('GET', tag .. ':reaped') or now)
redis.call('SET', tag .. ':reaped', now, 'PX', 86400000)
if not all and (now - last > lease / 2 or last > now) then
  local held = redis.call('ZRANGE', LEASES, 0, -1)
  for from = 1, #held, 500 do
    local extended = {}
    for i = from, math.min(from + 499, #held) do
      table.insert(extended, now + lease)
      table.insert(extended, held[i])
    end
    redis.call('ZADD', LEASES, unpack(extended))
  end
  return {{}, {}, nextExpiry()}
end

local requeued, ended = {}, {}
local expired
if all then
  expired = redis.call('ZRANGE', LEASES, 0, limit - 1)
else
  expired = redis.call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, limit)
end
for _, id in ipairs(expired) do
  redis.call('ZREM', LEASES, id)
  local job = redis.call('HMGET', jobKey(id), 'st', 'q', 'b', 'rp', 'cr', 'at', 'w')
  if job[1] == 'queued' then
    toHead(id, job[2], job[3]) -- an offer that was never started costs no attempt
    table.insert(requeued, id)
  elseif job[1] == 'running' or job[1] == 'input_required' then
    local lost = redis.call('HINCRBY', jobKey(id), 'rd', 1)
    local err
    if job[4] ~= '1' then err = unknown elseif lost >= cap then err = poison end
    if err then
      redis.call('HSET', jobKey(id), 'n', '')
      finish(id, 'dead', err, {'k', 'g'}, statusTtl, resultTtl, '0', job[5], job[6])
      table.insert(ended, id)
    else
      toHead(id, job[2], job[3])
      table.insert(requeued, id)
    end
    announce(id, job[7])
  end
end
return {requeued, ended, nextExpiry()}
