-- Changes of a job's state other than its claim and its end, and the indexes.

-- Hash of a running job's partial result.
local function partialKey(id) return tag .. ':pp:' .. id end

local MOST_ATTEMPTS = 20
local LONGEST_MESSAGE = 300

-- Records an attempt that failed or lost its worker (read by Attempts.java).
local function noteAttempt(job, code, message)
  local key = jobKey(job.id)
  local known = redis.call('HGET', key, 'as')
  local attempts = known and cjson.decode(known) or {}
  if #message > LONGEST_MESSAGE then
    local cut = LONGEST_MESSAGE
    -- Do not cut within a UTF-8 character: its continuation bytes are 128 to 191.
    while cut > 0 and string.byte(message, cut + 1) >= 128 and string.byte(message, cut + 1) < 192 do
      cut = cut - 1
    end
    message = string.sub(message, 1, cut) .. '…'
  end
  attempts[#attempts + 1] = {n = job.attempts, s = tonumber(job.started) or 0, f = now,
    w = string.match(job.nonce, '^(.*)%.') or '', c = code, m = message}
  if #attempts > MOST_ATTEMPTS then table.remove(attempts, 1) end
  redis.call('HSET', key, 'as', cjson.encode(attempts))
end

-- Returns the time in ms at which a job was queued.
local function waitingSince(id)
  local times = redis.call('HMGET', jobKey(id), 'qa', 'c')
  if times[2] then return tonumber(times[1] or timesIn(times[2])) end
end

-- Adds ids to an index, which is one list per hour. Lists are only appended to, so that positions
-- in them stay valid. base: the key of the sorted set of hours. ttl: ms that the entries must live.
local function addToIndex(base, ids, ttl)
  local hour = math.floor(now / 3600000)
  local bucket = base .. ':' .. hour
  local length
  for from = 1, #ids, 500 do
    length = redis.call('RPUSH', bucket, unpack(ids, from, math.min(from + 499, #ids)))
  end
  if length == #ids then redis.call('ZADD', base, hour, hour) end
  -- The set lives as long as its lists. TTLs get an hour more than needed, so that they are renewed
  -- once an hour and not with every job.
  if redis.call('PTTL', bucket) < ttl then
    for _, key in ipairs({bucket, base}) do
      if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, whole(ttl + 3600000)) end
    end
  end
end

-- Lets the script write although the memory of Redis is full: since 6.2 Redis refuses only the
-- first write of a script, and this one needs no memory. Changes of stored jobs must always
-- succeed; only new jobs are refused.
local function mustPass()
  redis.call('DEL', tag .. ':none')
end

-- To be called before a queued job ends.
local function leaveTombstone(job)
  if job.state == 'queued' and not job.gate and not job.claimed then bury(job.queue, job.band) end
end

-- Activates the caller's deadline of a job. Workers sleep until the earliest deadline, so they are
-- notified if this one is earlier.
local function bound(id, deadline)
  local first = redis.call('ZRANGE', DEADLINES, 0, 0, 'WITHSCORES')
  redis.call('ZADD', DEADLINES, whole(deadline), id)
  if not first[2] or tonumber(first[2]) > deadline then
    redis.call('PUBLISH', CANCELS, 'deadline ' .. whole(math.max(0, deadline - now)))
  end
end

-- Puts a job back at the head of its list. It comes before jobs that were released when it gave up
-- its slot.
local function toHead(job)
  redis.call('HSET', jobKey(job.id), 'st', 'queued', 'qa', stamp, 'up', stamp)
  addAtHead(job.queue, job.band, job.constants, job.id,
    job.slots and 't:' .. job.tool or job.callerGate)
  wake(job.queue)
end

-- Schedules a job, and wakes a worker that would sleep past the due time.
local function schedule(id, queue, due)
  redis.call('HSET', jobKey(id), 'st', 'scheduled', 'du', due)
  local first = redis.call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
  redis.call('ZADD', SCHEDULED, due, id)
  -- Idle workers sleep until the first due time. That of another queue may be known only to workers
  -- that do not serve this one.
  if not first[2] or tonumber(first[2]) > due
      or placeOf(first[1]) ~= queue then
    wake(queue)
  end
end

-- Starts a held job: its delay and its deadline count from now.
local function release(id)
  local job = redis.call('HMGET', jobKey(id), 'st', 'c', 'dl', 'w', 'de')
  if job[1] ~= 'held' then return false end
  local queue, band = placeIn(job[2])
  local _, retryFor = timesIn(job[2])
  redis.call('ZREM', HELD, id)
  redis.call('HSETNX', QUEUES, queue, '')
  local delay = tonumber(job[3] or 0)
  redis.call('HSET', jobKey(id), 'ru', whole(now + retryFor), 'up', stamp)
  if job[5] then bound(id, now + retryFor) end
  if delay > 0 then
    schedule(id, queue, now + delay)
  else
    redis.call('HSET', jobKey(id), 'st', 'queued', 'qa', stamp)
    addToLine(queue, band, job[2], id)
    wake(queue)
  end
  announce(id, job[4])
  return true
end
