-- Stores jobs and puts them in line, all or none. Called by: RedisJobQueue.enqueue.
-- ARGV: most jobs a queue may hold (0 = no limit), count of jobs, then for each job:
--   id, queue, band, delay in ms, 1 if held else 0, ms until no further attempt may start,
--   owner's index name, ms that the index must outlive now, count of fields, field, value, …
-- Returns: {1}, or {0, queue, waiting} when the queue is full, or {-1} when memory nearly is.
local limit = tonumber(ARGV[1])
local count = tonumber(ARGV[2])

if redis.call('EXISTS', tag .. ':full') == 1 then
  return {-1}
end

-- First look, then write: a script is not rolled back.
local jobs = {}
local adding = {}
local at = 3
for i = 1, count do
  local job = {
    id = ARGV[at], queue = ARGV[at + 1], band = ARGV[at + 2], delay = tonumber(ARGV[at + 3]),
    held = ARGV[at + 4] == '1', retryFor = tonumber(ARGV[at + 5]), owner = ARGV[at + 6],
    indexTtl = tonumber(ARGV[at + 7]), from = at + 9,
  }
  job.to = job.from + tonumber(ARGV[at + 8]) * 2 - 1
  at = job.to + 1
  jobs[i] = job
  adding[job.queue] = (adding[job.queue] or 0) + 1
end
for queue, added in pairs(adding) do
  local waiting = 0
  for band = 0, 3 do
    waiting = waiting + redis.call('LLEN', bandKey(queue, band))
  end
  if waiting == 0 then
    redis.call('SADD', tag .. ':queues', queue)
  end
  if limit > 0 and waiting + added > limit then
    return {0, queue, waiting}
  end
end

local hour = math.floor(now / 3600000)
local lines = {}
local wakes = {}
local indexed = {}
for _, job in ipairs(jobs) do
  local key = jobKey(job.id)
  -- A repeated call (its reply was lost) finds its jobs stored already.
  if redis.call('EXISTS', key) == 0 then
    local state = 'queued'
    if job.held then state = 'held' elseif job.delay > 0 then state = 'scheduled' end
    redis.call('HSET', key, 'st', state, 'cr', now, 'qa', now, 'up', now, 'f', 0, 'a', 0, 'n', '',
      'ru', now + job.retryFor, unpack(ARGV, job.from, job.to))
    if state == 'scheduled' then
      local due = now + job.delay
      redis.call('HSET', key, 'du', due)
      local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
      redis.call('ZADD', SCHEDULED, due, job.id)
      -- Idle workers sleep until the first due time they knew of; that of another queue may have
      -- been told to others only.
      if not first[2] or tonumber(first[2]) > due
          or redis.call('HGET', jobKey(first[1]), 'q') ~= job.queue then
        wakes[job.queue] = true
      end
    elseif state == 'queued' then
      local line = bandKey(job.queue, job.band)
      lines[line] = lines[line] or {}
      table.insert(lines[line], job.id)
      wakes[job.queue] = true
    end
    local bucket = tag .. ':o:' .. job.owner .. ':' .. hour
    indexed[bucket] = indexed[bucket] or {owner = job.owner, ttl = 0, ids = {}}
    table.insert(indexed[bucket].ids, job.id)
    indexed[bucket].ttl = math.max(indexed[bucket].ttl, job.indexTtl)
  end
end
for line, ids in pairs(lines) do
  for from = 1, #ids, 500 do
    redis.call('LPUSH', line, unpack(ids, from, math.min(from + 499, #ids)))
  end
end
for bucket, index in pairs(indexed) do
  for from = 1, #index.ids, 500 do
    redis.call('RPUSH', bucket, unpack(index.ids, from, math.min(from + 499, #index.ids)))
  end
  local hours = tag .. ':o:' .. index.owner
  redis.call('ZADD', hours, hour, hour)
  for _, key in ipairs({bucket, hours}) do
    if redis.call('PTTL', key) < index.ttl then
      redis.call('PEXPIRE', key, index.ttl)
    end
  end
end
for queue in pairs(wakes) do
  wake(queue)
end
return {1}
