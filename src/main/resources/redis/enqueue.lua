-- Stores and queues jobs, all or none. Called by: RedisJobQueue.enqueue.
-- ARGV: most jobs a queue may hold (0 = no limit), longest time a job may be held in ms,
--   quotas (quota.lua), count of jobs, then for each job:
--   id, how (below), count of further fields, constants (jobs.lua), params, field, value, …
--   how is one text with blanks between its parts, because the jobs of a call share it: queue, band,
--   delay in ms, 1 if held else 0, ms until no further attempt may start, owner's index name, line
--   (FixedFields.java), ms that the index must live from now on, digest of the idempotency key or -,
--   digest of the arguments or -, 1 if the time for attempts is the caller's deadline (it limits the
--   first attempt too) else 0, if the calling process has a free slot for the job the nonce of a
--   lease and its ms, else - and 0, and the digest under which equal calls would be held
--   (held-call.lua), or - to store it in any case
-- Returns: {1, id, …}, each followed by a blank, the time at which it was stored, a blank, and
--   'leased' if it was leased to the calling process, 'paused' if its queue is, else 'waits'; for a
--   job that was stored before, as that of a known idempotency key, its id alone;
--   {0, queue, waiting} when a queue is full; {-1} when memory is nearly used up; {-2, known id} when
--   a key was used with other arguments; {-3, queue} when a queue is drained;
--   {-7, setting, value, ms} when a quota is used up (overQuota); {-8} when equal calls are held
local limit = tonumber(ARGV[1])
local count = tonumber(ARGV[4])

-- All checks before the first write, because a script is not rolled back.
local hows = {}
local ids, how, from, names, place = {}, {}, {}, {}, {}
local full = tag .. ':full'
-- Keys of which mostly none exists: the jobs', and those of the calls that equal the new ones.
local unlikely, equal = {full}, {}
local adding = {}
local paused = {}
local idle = {}
local aside = {held = 0, scheduled = 0}
local planned = {}
local keys = {}
local answer = {1}
local at = 5
local n = 0
for i = 1, count do
  local id, text = ARGV[at], ARGV[at + 1]
  local its = hows[text]
  if not its then
    local queue, band, delay, held, retryFor, owner, line, indexTtl, key, arguments, deadline,
      nonce, lease, digest = string.match(text, '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)'
        .. ' (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)')
    its = {queue = queueNamed(queue), band = band, delay = tonumber(delay), held = held == '1',
      retryFor = tonumber(retryFor), owner = owner, line = line == '-' and owner or line,
      indexTtl = tonumber(indexTtl),
      key = key ~= '-' and key, arguments = arguments, deadline = deadline == '1',
      nonce = nonce ~= '-' and nonce, lease = tonumber(lease),
      equal = digest ~= '-' and tag .. ':hc:' .. digest}
    hows[text] = its
  end
  local known
  if its.key then
    local stored = keys[its.key] or redis.call('GET', tag .. ':u:' .. its.key)
    if stored then
      local other, arguments = string.match(stored, '(%S+) (%S+)')
      if keys[its.key] or redis.call('EXISTS', jobKey(other)) == 1 then
        if arguments ~= its.arguments then return {-2, other} end
        known = other
      end
    end
    keys[its.key] = (known or id) .. ' ' .. its.arguments
  end
  answer[i + 1] = known or id
  if not known then
    n = n + 1
    ids[n], how[n], from[n], names[n], place[n] = id, its, at + 2, jobKey(id), i + 1
    unlikely[#unlikely + 1] = names[n]
    if its.equal then
      unlikely[#unlikely + 1] = its.equal
      equal[#equal + 1] = its.equal
    end
    if its.held then
      aside.held = aside.held + 1
    else
      adding[its.queue] = (adding[its.queue] or 0) + 1
      if its.delay > 0 then aside.scheduled = aside.scheduled + 1 end
    end
    plan(planned, ARGV[at + 3])
  end
  at = at + 5 + 2 * ARGV[at + 2]
end
-- A repeated call (its reply was lost) finds its jobs stored already; they are neither stored again
-- nor refused for the room that they take.
if n == 0 then return answer end
local stored = 0
for first = 1, #unlikely, 500 do
  stored = stored + redis.call('EXISTS', unpack(unlikely, first, math.min(first + 499, #unlikely)))
end
if stored > 0 then
  local isFull, held = redis.call('EXISTS', full), 0
  for _, key in ipairs(equal) do held = held + redis.call('EXISTS', key) end
  stored = stored - isFull - held
  if stored == n then return answer end
  if held > 0 then return {-8} end
  if isFull == 1 then return {-1} end
end
for queue, added in pairs(adding) do
  local state = redis.call('HGET', QUEUES, queue)
  paused[queue] = state == 'paused'
  if state == 'draining' then return {-3, queue} end
  if not state then redis.call('HSET', QUEUES, queue, '') end
  if limit > 0 then
    local waiting
    waiting, idle[queue] = overLength(queue, added, limit)
    if waiting then return {0, queue, waiting} end
  end
end
-- Scheduled and held jobs are limited as well, over all queues.
for state, key in pairs({held = HELD, scheduled = SCHEDULED}) do
  if limit > 0 and aside[state] > 0 then
    local waiting = redis.call('ZCARD', key)
    if waiting + aside[state] > limit then return {0, state, waiting} end
  end
end

local refused, use = overQuota(planned, ARGV[3])
if refused then return refused end
if stored > 0 then planned = {} end

local lines = {}
local wakes = {}
local indexed = {}

-- Whether a job may run at once in the process that stores it. A claim would give it no other job
-- before this one, and no other job waits for what this one takes from its limits. fields: its
-- further fields.
local function mayLease(id, its, constants, fields)
  local queue = its.queue
  if paused[queue] or wakes[queue] then return false end
  if idle[queue] == nil then idle[queue] = isIdle(queue) end
  if not idle[queue] then return false end
  local _, _, name = placeIn(constants)
  local tool, owner = 't:' .. name, 'c:' .. its.owner
  if redis.call('SISMEMBER', BREAKERS, name) == 1 then return false end
  if not (fields.cl or fields.rl or fields.rc or fields.cc) then return true end
  if redis.call('SISMEMBER', GATES, tool) == 1
      or (fields.rc or fields.cc) and redis.call('SISMEMBER', GATES, owner) == 1
      or lacks(tool, fields.cl, fields.rl) or lacks(owner, fields.cc, fields.rc) then
    return false
  end
  enter(tool, fields.cl, fields.rl, id)
  enter(owner, fields.cc, fields.rc, id)
  return true
end

-- Leases a job to the calling process if that may run it at once.
local function handOver(id, its, constants, from, to)
  local fields = {}
  for i = from, to, 2 do fields[ARGV[i]] = ARGV[i + 1] end
  if not mayLease(id, its, constants, fields) then return false end
  redis.call('ZADD', LEASES, whole(now + its.lease), id)
  redis.call('HSET', CLAIMS, id, (newEntry(its.nonce .. ' 1 1', constants,
    not (fields.x or its.key), fields.w)))
  return true
end

for i = 1, n do
  local key, its, first = names[i], how[i], from[i]
  if stored == 0 or redis.call('EXISTS', key) == 0 then
    local id = ids[i]
    local more = ARGV[first] + 0
    local constants = stamp .. ' ' .. ARGV[first + 1]
    if stored > 0 then plan(planned, ARGV[first + 1]) end
    local state = 'queued'
    if its.held then state = 'held' elseif its.delay > 0 then state = 'scheduled' end
    if more == 0 then
      redis.call('HSET', key, 'st', state, 'c', constants, 'p', ARGV[first + 2])
    else
      redis.call('HSET', key, 'st', state, 'c', constants, 'p', ARGV[first + 2],
        unpack(ARGV, first + 3, first + 2 + 2 * more))
    end
    if its.key then
      redis.call('SET', tag .. ':u:' .. its.key, id .. ' ' .. its.arguments)
      redis.call('HSET', key, 'u', its.key, 'x', '1')
    end
    if state == 'held' then
      redis.call('HSET', key, 'dl', its.delay)
      redis.call('ZADD', HELD, now + tonumber(ARGV[2]), id)
    elseif state == 'scheduled' then
      schedule(id, its.queue, now + its.delay)
    elseif its.nonce and handOver(id, its, constants, first + 3, first + 2 + 2 * more) then
      answer[place[i]] = id .. ' ' .. stamp .. ' leased'
    else
      collectForLine(lines, its.queue, its.band, its.line, id)
      wakes[its.queue] = true
      answer[place[i]] = id .. ' ' .. stamp .. (paused[its.queue] and ' paused' or ' waits')
    end
    if its.deadline and not its.held then bound(id, now + its.retryFor) end
    local index = indexed[its.owner]
    if not index then
      index = {ttl = 0, ids = {}}
      indexed[its.owner] = index
    end
    index.ids[#index.ids + 1] = id
    if its.indexTtl > index.ttl then index.ttl = its.indexTtl end
  end
end
admit(planned, ARGV[3], use)
addToLines(lines)
for owner, index in pairs(indexed) do
  addToIndex(tag .. ':o:' .. owner, index.ids, index.ttl)
end
for queue in pairs(wakes) do
  wake(queue)
end
return answer
