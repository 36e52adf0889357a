-- Requeues or ends jobs whose lease has expired, ends jobs whose deadline has passed or that were
-- held for too long, and continues flows and gates.
-- Called by: RedisWorkQueue.reap, from every worker's upkeep.
-- ARGV: lease in ms, how many jobs at most, how often a job may lose its worker, error of a job
--   that must not be repeated, error of a job that lost too many workers, status TTL in ms, dead TTL
--   in ms, 1 to end every lease at once (no other process uses this Redis) else
--   0, the share of maxmemory above which enqueue refuses jobs, error of a job held for too long
-- Returns: {{id requeued, …}, {id ended after a lost lease, …}, ms until the next lease, flow or
--   deadline needs upkeep or -1, {id ended because its deadline passed or it was held for too long,
--   …}, {tool whose circuit breaker is open, …}}
mustPass()
local lease, limit, cap = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local unknown, poison = ARGV[4], ARGV[5]
local ttl = {status = tonumber(ARGV[6]), dead = tonumber(ARGV[7])}
local all = ARGV[8] == '1'
local memoryLimit = tonumber(ARGV[9])
local tooLong = ARGV[10]

-- Completions and renewals must always succeed, so enqueue refuses jobs before memory is used up.
-- If an ACL forbids INFO, only the out-of-memory error of Redis limits it.
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

local function untilNext()
  local next = -1
  for _, times in ipairs({LEASES, FLOWS, DEADLINES}) do
    local first = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')
    if first[2] then
      local wait = math.max(0, tonumber(first[2]) - now)
      if next < 0 or wait < next then next = wait end
    end
  end
  return next
end

lookAfterFlows()

local closed = {}
-- End jobs that were held for longer than allowed.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', HELD, '-inf', now, 'LIMIT', 0, limit)) do
  redis.call('ZREM', HELD, id)
  local job = load(id)
  if job and job.state == 'held' then
    finish(job, 'failed', tooLong, FAILED, ttl)
    table.insert(closed, id)
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', now, 'LIMIT', 0, limit)) do
  redis.call('ZREM', DEADLINES, id)
  local job = load(id)
  if job and job.deadline and not TERMINAL[job.state] then
    exceedDeadline(job, ttl, true)
    table.insert(closed, id)
  end
end

-- Repair gates: free slots without a lease, and release jobs that may pass.
local broken = {}
for _, tool in ipairs(redis.call('SMEMBERS', BREAKERS)) do
  if redis.call('EXISTS', gateKey('t:' .. tool, 'o')) == 0 then
    redis.call('SREM', BREAKERS, tool)
  else
    table.insert(broken, tool)
  end
end
for _, gate in ipairs(redis.call('SRANDMEMBER', GATES, 50)) do
  for _, id in ipairs(redis.call('SRANDMEMBER', gateKey(gate, 's'), 200)) do
    if not redis.call('ZSCORE', LEASES, id) then redis.call('SREM', gateKey(gate, 's'), id) end
  end
  open(gate)
end

-- If no process has reaped for half a lease, or the clock has jumped, workers could not renew their
-- leases either. Prolong all leases once, instead of letting them expire together.
local last = tonumber(redis.call('GET', tag .. ':reaped') or 0)
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
  return {{}, {}, untilNext(), closed, broken}
end

local requeued, ended = {}, {}
local expired
if all then
  expired = redis.call('ZRANGE', LEASES, 0, limit - 1)
else
  expired = redis.call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, limit)
end
for _, id in ipairs(expired) do
  local job = load(id)
  if not job then
    redis.call('ZREM', LEASES, id)
    redis.call('HDEL', CLAIMS, id)
  elseif job.offered then
    unlease(job)
    redis.call('HSET', jobKey(id), 'k', claimText(job, ' r'))
    toHead(job) -- a claim that was never started does not count as an attempt
    table.insert(requeued, id)
  elseif job.state == 'running' or job.state == 'input_required' then
    local lost = redis.call('HINCRBY', jobKey(id), 'rd', 1)
    local err
    if not job.repeatable then err = unknown elseif lost >= cap then err = poison end
    noteAttempt(job, 'WORKER_LOST', 'The worker that ran this attempt was lost.')
    redis.call('HSET', jobKey(id), 'k', claimText(job, ' r'))
    unlease(job)
    job.claimed = false
    if err then
      finish(job, 'dead', err, GIVEN_UP, ttl)
      table.insert(ended, id)
    else
      toHead(job)
      table.insert(requeued, id)
      announce(id, job.watchers)
    end
  else
    unlease(job) -- it was ended by another script, and its tool has not stopped in time
  end
end
return {requeued, ended, untilNext(), closed, broken}
