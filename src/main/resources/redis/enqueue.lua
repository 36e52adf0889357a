-- Stores jobs and puts them in line, all or none. Called by: RedisJobQueue.enqueue.
-- ARGV: most jobs a queue may hold (0 = no limit), longest time a job may be held in ms,
--   count of jobs, then for each job:
--   id, queue, band, delay in ms, 1 if held else 0, ms until no further attempt may start,
--   owner's index name, ms that the index must outlive now, digest of the idempotency key or '',
--   digest of the arguments, count of fields, field, value, …
-- Returns: {1, id, …}, where a known key gives the known job's id; {0, queue, waiting} when the
--   queue is full, {-1} when memory nearly is, {-2, known id} when a key was used with other
--   arguments, {-3, queue} when the queue is drained
local limit, longestHeld = tonumber(ARGV[1]), tonumber(ARGV[2])
local count = tonumber(ARGV[3])

if redis.call('EXISTS', tag .. ':full') == 1 then
  return {-1}
end

-- First look, then write: a script is not rolled back.
local jobs = {}
local adding = {}
local aside = {held = 0, scheduled = 0}
local keys = {}
local answer = {1}
local at = 4
for i = 1, count do
  local job = {
    id = ARGV[at], queue = ARGV[at + 1], band = ARGV[at + 2], delay = tonumber(ARGV[at + 3]),
    held = ARGV[at + 4] == '1', retryFor = tonumber(ARGV[at + 5]), owner = ARGV[at + 6],
    indexTtl = tonumber(ARGV[at + 7]), key = ARGV[at + 8], arguments = ARGV[at + 9],
    from = at + 11,
  }
  job.to = job.from + tonumber(ARGV[at + 10]) * 2 - 1
  at = job.to + 1
  local known
  if job.key ~= '' then
    local stored = keys[job.key] or redis.call('GET', tag .. ':u:' .. job.key)
    if stored then
      local id, arguments = string.match(stored, '(%S+) (%S+)')
      if keys[job.key] or redis.call('EXISTS', jobKey(id)) == 1 then
        if arguments ~= job.arguments then return {-2, id} end
        known = id
      end
    end
    keys[job.key] = (known or job.id) .. ' ' .. job.arguments
  end
  answer[i + 1] = known or job.id
  if not known then
    jobs[#jobs + 1] = job
    if job.held then
      aside.held = aside.held + 1
    else
      adding[job.queue] = (adding[job.queue] or 0) + 1
      if job.delay > 0 then aside.scheduled = aside.scheduled + 1 end
    end
  end
end
for queue, added in pairs(adding) do
  local state = redis.call('HGET', QUEUES, queue)
  if state == 'draining' then return {-3, queue} end
  if not state then redis.call('HSET', QUEUES, queue, '') end
  if limit > 0 then
    local waiting = tonumber(redis.call('HGET', PARKED, queue) or 0)
    for band = 0, 3 do
      waiting = waiting + redis.call('LLEN', bandKey(queue, band))
    end
    if waiting + added > limit then
      return {0, queue, waiting}
    end
  end
end
-- Those that wait for a time or for somebody are bounded as well, all queues together.
for state, key in pairs({held = HELD, scheduled = SCHEDULED}) do
  if limit > 0 and aside[state] > 0 then
    local waiting = redis.call('ZCARD', key)
    if waiting + aside[state] > limit then return {0, state, waiting} end
  end
end

-- A repeated call (its reply was lost) finds its jobs stored already; an ordinary one finds none.
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
for _, job in ipairs(jobs) do
  local key = job.name
  if stored == 0 or redis.call('EXISTS', key) == 0 then
    local state = 'queued'
    if job.held then state = 'held' elseif job.delay > 0 then state = 'scheduled' end
    redis.call('HSET', key, 'st', state, 'cr', stamp, 'qa', stamp, 'up', stamp, 'f', '0',
      'a', '0', 'n', '', 'ru', whole(now + job.retryFor), unpack(ARGV, job.from, job.to))
    if job.key ~= '' then
      redis.call('SET', tag .. ':u:' .. job.key, job.id .. ' ' .. job.arguments)
      redis.call('HSET', key, 'u', job.key)
    end
    if state == 'held' then
      redis.call('HSET', key, 'rf', job.retryFor, 'dl', job.delay)
      redis.call('ZADD', HELD, now + longestHeld, job.id)
    elseif state == 'scheduled' then
      schedule(job.id, job.queue, now + job.delay)
    else
      local line = bandKey(job.queue, job.band)
      lines[line] = lines[line] or {}
      table.insert(lines[line], job.id)
      wakes[job.queue] = true
    end
    local index = indexed[job.owner]
    if not index then
      index = {ttl = 0, ids = {}}
      indexed[job.owner] = index
    end
    index.ids[#index.ids + 1] = job.id
    if job.indexTtl > index.ttl then index.ttl = job.indexTtl end
  end
end
for line, ids in pairs(lines) do
  for from = 1, #ids, 500 do
    redis.call('LPUSH', line, unpack(ids, from, math.min(from + 499, #ids)))
  end
end
for owner, index in pairs(indexed) do
  addToIndex(tag .. ':o:' .. owner, index.ids, index.ttl)
end
for queue in pairs(wakes) do
  wake(queue)
end
return answer
