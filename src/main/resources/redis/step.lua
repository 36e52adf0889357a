-- One round trip of a worker: records what ended, then claims more.
-- Called by: RedisWorkQueue.step, and by claimWhenReady behind a BLPOP on the wake tokens.
-- ARGV: nonce of new claims, lease in ms, status TTL in ms, count of claims wanted,
--   count of queues, queue, …, count of completions, then for each completion:
--   id, fence, nonce, kind, and
--     kind f (finished): state, error or '', result TTL in ms, 1 if the result is large else 0,
--                        count of result fields, field, value, …
--     kind r (retry) or g (given back): delay in ms, error or ''
-- Returns: {{1 or 0 per completion}, {claimed job, …}, 1 if jobs still wait else 0,
--   ms until the next scheduled job or -1}
local nonce, lease, statusTtl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, queueCount = tonumber(ARGV[4]), tonumber(ARGV[5])
local queues = {unpack(ARGV, 6, 5 + queueCount)}
local at = 6 + queueCount
local completions = tonumber(ARGV[at])
at = at + 1

local function again(id, job, kind, delay, err)
  local key = jobKey(id)
  -- 'pn' remembers whose hand gave it back, so that a repeated call is recognised.
  redis.call('HSET', key, 'n', '', 'pn', job[3], 'up', now)
  if kind == 'r' then
    redis.call('HSET', key, 'er', err)
  else
    redis.call('HINCRBY', key, 'a', -1)
  end
  redis.call('ZREM', LEASES, id)
  if delay > 0 then
    redis.call('HSET', key, 'st', 'scheduled', 'du', now + delay)
    local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
    redis.call('ZADD', SCHEDULED, now + delay, id)
    if not first[2] or tonumber(first[2]) > now + delay then wake(job[5]) end
  else
    toHead(id, job[5], job[6])
  end
end

local accepted = {}
for i = 1, completions do
  local id, fence, holder, kind = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'w', 'q', 'b', 'cr', 'at', 'pn')
  local mine = job[2] == fence and job[3] == holder
  local next
  if kind == 'f' then next = at + 9 + tonumber(ARGV[at + 8]) * 2 else next = at + 6 end
  local offered = mine and job[1] == 'queued'
  if offered and kind ~= 'g' then
    -- Its start is not awaited where the tool may be repeated, and what ended overtook it.
    redis.call('HSET', jobKey(id), 'sa', now)
  end
  if offered then redis.call('HINCRBY', jobKey(id), 'a', 1) end
  if offered or (mine and (job[1] == 'running' or job[1] == 'input_required')) then
    if kind == 'f' then
      finish(id, ARGV[at + 4], ARGV[at + 5], {unpack(ARGV, at + 9, next - 1)}, statusTtl,
        tonumber(ARGV[at + 6]), ARGV[at + 7], job[7], job[8])
    else
      again(id, job, kind, tonumber(ARGV[at + 4]), ARGV[at + 5])
    end
    announce(id, job[4])
    accepted[i] = 1
  elseif mine and kind == 'f' and TERMINAL[job[1]] and job[1] ~= 'cancelled' then
    accepted[i] = 1 -- said before; only the reply was lost
  elseif job[2] == fence and job[9] == holder and kind ~= 'f' then
    accepted[i] = 1 -- likewise
  else
    accepted[i] = 0
  end
  at = next
end

if wanted == 0 then
  return {accepted, {}, 0, -1}
end

-- Due jobs first become waiting ones, also those of queues that this worker does not serve.
local served = {}
for _, queue in ipairs(queues) do served[queue] = true end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', SCHEDULED, id)
  local job = redis.call('HMGET', jobKey(id), 'st', 'q', 'b')
  if job[1] == 'scheduled' then
    redis.call('HSET', jobKey(id), 'st', 'queued', 'qa', now, 'up', now)
    redis.call('LPUSH', bandKey(job[2], job[3]), id)
    if not served[job[2]] then wake(job[2]) end
  end
end

local claims = {}
local leases = {}
local skipped = 0
for _, queue in ipairs(queues) do
  for band = 0, 3 do
    -- Cancelled and deleted jobs stay in their list as tombstones; pass over a bounded number.
    while #claims < wanted and skipped < 1000 do
      local ids = redis.call('RPOP', bandKey(queue, band), wanted - #claims)
      if not ids then break end
      for _, id in ipairs(ids) do
        local key = jobKey(id)
        local job = redis.call('HMGET', key, 'st', 'f', 'm', 't', 'p', 'o', 'q', 'a', 'ma', 'rp',
          'bo', 'to', 'cr', 'ru', 'qa', 'md', 'pg')
        if job[1] == 'queued' then
          local fence = tonumber(job[2]) + 1
          redis.call('HSET', key, 'f', fence, 'n', nonce)
          table.insert(leases, now + lease)
          table.insert(leases, id)
          job[1], job[2] = id, fence
          job[15] = now - tonumber(job[15])
          table.insert(claims, job)
        else
          skipped = skipped + 1
        end
      end
    end
  end
end
if #leases > 0 then
  redis.call('ZADD', LEASES, unpack(leases))
end

local more = 0
for _, queue in ipairs(queues) do
  for band = 0, 3 do
    if redis.call('EXISTS', bandKey(queue, band)) == 1 then
      wake(queue)
      more = 1
      break
    end
  end
end
local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
local nextDue = -1
if first[2] then nextDue = math.max(0, tonumber(first[2]) - now) end
return {accepted, claims, more, nextDue}
