-- Stores and queues jobs, all or none. Called by: RedisJobQueue.enqueue.
-- ARGV: most jobs a queue may hold (0 = no limit), longest time a job may be held in ms,
--   quotas (quota.lua), count of jobs, then for each job:
--   id, queue, how (below), count of fields, field, value, …
--   how is one text with blanks between its parts, because the jobs of a call share it: band, delay
--   in ms, 1 if held else 0, ms until no further attempt may start, owner's index name, ms that
--   the index must live from now on, digest of the idempotency key or -, digest of the arguments
--   or -, 1 if the time for attempts is the caller's deadline (it limits the first attempt too)
--   else 0, and if the calling process has a free slot for the job the nonce of a lease and its ms,
--   else - and 0
-- Returns: {1, id, …}, each followed by a blank, the time at which it was stored, a blank, and
--   'leased' if it was leased to the calling process, 'paused' if its queue is, else 'waits'; for a
--   job that was stored before, as that of a known idempotency key, its id alone; {0, queue, waiting} when a
--   queue is full; {-1} when memory is nearly used up; {-2, known id} when a key was used with
--   other arguments; {-3, queue} when a queue is drained; {-7, setting, value, ms} when a quota
--   is used up (overQuota)
local limit, longestHeld = tonumber(ARGV[1]), tonumber(ARGV[2])
local count = tonumber(ARGV[4])

if redis.call('EXISTS', tag .. ':full') == 1 then
  return {-1}
end

-- All checks before the first write, because a script is not rolled back.
local hows = {}
local jobs = {}
local adding = {}
local paused = {}
local idle = {}
local aside = {held = 0, scheduled = 0}
local keys = {}
local answer = {1}
local at = 5
for i = 1, count do
  local how = hows[ARGV[at + 2]]
  if not how then
    local band, delay, held, retryFor, owner, indexTtl, key, arguments, deadline, nonce, lease =
      string.match(ARGV[at + 2],
        '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)')
    how = {band = band, delay = tonumber(delay), held = held == '1', retryFor = tonumber(retryFor),
      until_ = whole(now + tonumber(retryFor)), owner = owner, indexTtl = tonumber(indexTtl),
      key = key ~= '-' and key, arguments = arguments, deadline = deadline == '1',
      nonce = nonce ~= '-' and nonce, lease = tonumber(lease)}
    hows[ARGV[at + 2]] = how
  end
  local job = {id = ARGV[at], queue = ARGV[at + 1], how = how, from = at + 4, place = i + 1}
  job.to = job.from + tonumber(ARGV[at + 3]) * 2 - 1
  at = job.to + 1
  local known
  if how.key then
    local stored = keys[how.key] or redis.call('GET', tag .. ':u:' .. how.key)
    if stored then
      local id, arguments = string.match(stored, '(%S+) (%S+)')
      if keys[how.key] or redis.call('EXISTS', jobKey(id)) == 1 then
        if arguments ~= how.arguments then return {-2, id} end
        known = id
      end
    end
    keys[how.key] = (known or job.id) .. ' ' .. how.arguments
  end
  answer[i + 1] = known or job.id
  if not known then
    jobs[#jobs + 1] = job
    if how.held then
      aside.held = aside.held + 1
    else
      adding[job.queue] = (adding[job.queue] or 0) + 1
      if how.delay > 0 then aside.scheduled = aside.scheduled + 1 end
    end
  end
end
for queue, added in pairs(adding) do
  local state = redis.call('HGET', QUEUES, queue)
  paused[queue] = state == 'paused'
  if state == 'draining' then return {-3, queue} end
  if not state then redis.call('HSET', QUEUES, queue, '') end
  if limit > 0 then
    local waiting = 0
    idle[queue] = isIdle(queue)
    if not idle[queue] then waiting = waitingIn(queue) end
    if waiting + added > limit then
      return {0, queue, waiting}
    end
  end
end
-- Scheduled and held jobs are limited as well, over all queues.
for state, key in pairs({held = HELD, scheduled = SCHEDULED}) do
  if limit > 0 and aside[state] > 0 then
    local waiting = redis.call('ZCARD', key)
    if waiting + aside[state] > limit then return {0, state, waiting} end
  end
end

local planned = {}
for _, job in ipairs(jobs) do plan(planned, job.from) end
local refused = overQuota(planned, ARGV[3])
if refused then return refused end

-- A repeated call (its reply was lost) finds its jobs stored already; they are not stored again.
local names = {}
for i, job in ipairs(jobs) do
  job.name = jobKey(job.id)
  names[i] = job.name
end
local stored = 0
for from = 1, #names, 500 do
  stored = stored + redis.call('EXISTS', unpack(names, from, math.min(from + 499, #names)))
end

local lines = {}
local wakes = {}
local indexed = {}

-- Whether a job may run at once in the process that stores it. A claim would give it no other job
-- before this one, and no other job waits for what this one takes from its limits.
local function mayLease(job)
  local queue = job.queue
  if not job.how.nonce or paused[queue] or wakes[queue] then return false end
  if idle[queue] == nil then idle[queue] = isIdle(queue) end
  if not idle[queue] then return false end
  local fields = {}
  for i = job.from, job.to, 2 do fields[ARGV[i]] = ARGV[i + 1] end
  job.repeatable = fields.rp == '1'
  local tool, owner = 't:' .. (fields.t or ''), fields.og and 'c:' .. fields.og
  if redis.call('SISMEMBER', BREAKERS, fields.t or '') == 1 then return false end
  if not (fields.cl or fields.rl or fields.rc or fields.cc) then return true end
  if redis.call('SISMEMBER', GATES, tool) == 1
      or owner and redis.call('SISMEMBER', GATES, owner) == 1
      or fields.cl and redis.call('SCARD', gateKey(tool, 's')) >= tonumber(fields.cl)
      or fields.cc and redis.call('SCARD', gateKey(owner, 's')) >= tonumber(fields.cc)
      or fields.rl and untilToken(tool, fields.rl) > 0
      or fields.rc and untilToken(owner, fields.rc) > 0 then
    return false
  end
  if fields.rl then takeToken(tool, fields.rl) end
  if fields.rc then takeToken(owner, fields.rc) end
  if fields.cl then redis.call('SADD', gateKey(tool, 's'), job.id) end
  if fields.cc then redis.call('SADD', gateKey(owner, 's'), job.id) end
  return true
end

-- Leases a job as step.lua does: for a repeatable one the lease is the start, for another one it is
-- an offer.
local function leaseTo(job)
  if job.repeatable then
    redis.call('HSET', job.name, 'f', 1, 'n', job.how.nonce, 'st', 'running', 'sa', stamp, 'up',
      stamp, 'a', 1)
  else
    redis.call('HSET', job.name, 'f', 1, 'n', job.how.nonce)
  end
  redis.call('ZADD', LEASES, whole(now + job.how.lease), job.id)
end

local counted = {}
for _, job in ipairs(jobs) do
  local key, how = job.name, job.how
  if stored == 0 or redis.call('EXISTS', key) == 0 then
    plan(counted, job.from)
    local state = 'queued'
    if how.held then state = 'held' elseif how.delay > 0 then state = 'scheduled' end
    -- Fields that are not written have defaults: f and a 0, n '', qa and up the value of cr.
    redis.call('HSET', key, 'st', state, 'cr', stamp, 'ru', how.until_,
      unpack(ARGV, job.from, job.to))
    if how.key then
      redis.call('SET', tag .. ':u:' .. how.key, job.id .. ' ' .. how.arguments)
      redis.call('HSET', key, 'u', how.key, 'x', '1')
    end
    if state == 'held' then
      redis.call('HSET', key, 'rf', how.retryFor, 'dl', how.delay)
      redis.call('ZADD', HELD, now + longestHeld, job.id)
    elseif state == 'scheduled' then
      schedule(job.id, job.queue, now + how.delay)
    elseif mayLease(job) then
      leaseTo(job)
      answer[job.place] = job.id .. ' ' .. stamp .. ' leased'
    else
      collectForLine(lines, job.queue, how.band, ARGV[job.from + 1], job.id)
      wakes[job.queue] = true
      answer[job.place] = job.id .. ' ' .. stamp .. (paused[job.queue] and ' paused' or ' waits')
    end
    if how.deadline and not how.held then bound(job.id, now + how.retryFor) end
    local index = indexed[how.owner]
    if not index then
      index = {ttl = 0, ids = {}}
      indexed[how.owner] = index
    end
    index.ids[#index.ids + 1] = job.id
    if how.indexTtl > index.ttl then index.ttl = how.indexTtl end
  end
end
admit(counted, ARGV[3])
addToLines(lines)
for owner, index in pairs(indexed) do
  addToIndex(tag .. ':o:' .. owner, index.ids, index.ttl)
end
for queue in pairs(wakes) do
  wake(queue)
end
return answer
