-- Records a worker's completions, then claims jobs, in one round trip.
-- Called by: RedisWorkQueue.step; also by claimWhenReady, after a BLPOP on the wake tokens.
-- ARGV: nonce of new claims, lease in ms, status TTL in ms, dead TTL in ms, longest wait of a head
--   of bands 1, 2 and 3 in ms, count of claims wanted, count of queues, queue, …,
--   count of completions, then for each completion:
--   id, fence, nonce, kind followed by its checkpoints as JSON if it has any, and
--     kind f (finished): state, error or '', result TTL in ms, 1 if the result is large else 0,
--                        count of result fields, field, value, …; or -1 and the nonce of the
--                        staged result
--     kind r (retry) or g (given back): delay in ms, error or ''
--   and last the channel of the calling process
-- Returns: {{per completion 1 accepted, 0 not, -1 its staged result has expired, or, if the process
--   watches the job, what it is told of its end (announceEnd)},
--   {claimed job, …} (ClaimField), 1 if jobs still wait else 0,
--   ms until the next scheduled job or gate or -1, count of jobs that were lost from the store}
mustPass()
local nonce, lease = ARGV[1], tonumber(ARGV[2])
local ttl = {status = tonumber(ARGV[3]), dead = tonumber(ARGV[4])}
local patience = {tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])}
local wanted, queueCount = tonumber(ARGV[8]), tonumber(ARGV[9])
local queues = {unpack(ARGV, 10, 9 + queueCount)}
local at = 10 + queueCount
local completions = tonumber(ARGV[at])
at = at + 1

local function again(job, kind, delay, err)
  local key = jobKey(job.id)
  if kind == 'r' then
    local why = cjson.decode(err)
    noteAttempt(job, why.code, why.message)
  end
  -- pn is the nonce of the claim that gave the job back, by which a repeated call is recognised.
  redis.call('HSET', key, 'n', '', 'pn', job.nonce, 'up', now)
  if kind == 'r' then
    redis.call('HSET', key, 'er', err)
    -- A stopped batch or chain allows no further attempt.
    if job.flow and flowStops(job.id, job.flow, job.index) then return end
  else
    redis.call('HINCRBY', key, 'a', -1)
  end
  unlease(job)
  if delay > 0 then
    schedule(job.id, job.queue, now + delay)
  else
    toHead(job)
  end
  announce(job.id, job.watchers)
end

local accepted = {}
replyTo = ARGV[#ARGV]
unleased = {}
usesLater = {}
for i = 1, completions do
  local id, fence, holder = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local kind, checkpoints = string.sub(ARGV[at + 3], 1, 1), string.sub(ARGV[at + 3], 2)
  local job = kind == 'f' and loadPlain(id) or load(id)
  local mine = job and job.fence == fence and job.nonce == holder
  -- back: the lease had expired and the job was queued again, but not claimed since. The outcome is
  -- accepted, so that the job does not run again. uncounted: its start was not confirmed either.
  local back, uncounted = false, false
  if kind == 'f' and job and not mine and job.state == 'queued' and job.fence == fence then
    job = load(id)
    uncounted = job.reaped == holder .. '?'
    back = uncounted or job.reaped == holder
  end
  local next, staged
  if kind ~= 'f' then
    next = at + 6
  elseif ARGV[at + 8] == '-1' then
    next = at + 10
    staged = resultKey(id) .. ':' .. ARGV[at + 9]
  else
    next = at + 9 + tonumber(ARGV[at + 8]) * 2
  end
  local offered = mine and job.state == 'queued'
  if offered or back or (mine and (job.state == 'running' or job.state == 'input_required')) then
    if staged and redis.call('EXISTS', staged) == 0 then
      accepted[i] = -1
    else
      if back then leaveTombstone(job) end
      if offered or uncounted then
        -- Its end arrived before its start was confirmed.
        local attempts = whole(job.attempts + 1)
        if kind == 'g' then
          redis.call('HSET', jobKey(id), 'a', attempts)
        else
          redis.call('HSET', jobKey(id), 'sa', stamp, 'a', attempts)
        end
      end
      if checkpoints ~= '' then redis.call('HSET', jobKey(id), 'cp', checkpoints) end
      if kind == 'f' then
        ending, reply = id, nil
        ttl.result = tonumber(ARGV[at + 6])
        finish(job, ARGV[at + 4], ARGV[at + 5], staged or {unpack(ARGV, at + 9, next - 1)}, ttl,
          ARGV[at + 7] == '1')
      else
        again(job, kind, tonumber(ARGV[at + 4]), ARGV[at + 5])
      end
      accepted[i] = kind == 'f' and reply or 1
    end
  elseif mine and kind == 'f' and TERMINAL[job.state] and job.state ~= 'cancelled'
      and not job.overdue then
    accepted[i] = 1 -- a repeated call: it was accepted before and the reply was lost
  elseif job and job.fence == fence and job.previous == holder and kind ~= 'f' then
    accepted[i] = 1 -- a repeated call, too
  else
    -- The job was cancelled or its deadline passed. Its tool has stopped, so the lease can end.
    if mine and (job.state == 'cancelled' or job.overdue) then unlease(job) end
    accepted[i] = 0
  end
  if staged and accepted[i] ~= 1 then redis.call('DEL', staged) end
  at = next
end

dropUnleased()
countCollected()

if wanted == 0 then
  return {accepted, {}, 0, -1, 0}
end

-- Queue the scheduled jobs that are due, also those of queues that this worker does not serve.
local served = {}
for _, queue in ipairs(queues) do served[queue] = true end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', SCHEDULED, id)
  local job = redis.call('HMGET', jobKey(id), 'st', 'q', 'b', 'c')
  if job[1] == 'scheduled' then
    redis.call('HSET', jobKey(id), 'st', 'queued', 'qa', now, 'up', now)
    addToLine(job[2], job[3], job[4], id)
    if not served[job[2]] then wake(job[2]) end
  end
end
for _, gate in ipairs(redis.call('ZRANGEBYSCORE', OPENINGS, '-inf', now, 'LIMIT', 0, 20)) do
  open(gate)
end

local broken = {}
for _, tool in ipairs(redis.call('SMEMBERS', BREAKERS)) do broken[tool] = true end

local claims = {}
local leases = {}
local expiry = whole(now + lease)
local skipped, vanished = 0, 0

local NOTHING = {}

-- The bytes of params and headers that this call may still return. A reply of hundreds of megabytes
-- would block Redis for all clients. At least one job is returned, whatever its size.
local room = 16777216

-- Handles a list entry whose job cannot be claimed.
local function passOver(state, queue, band)
  skipped = skipped + 1
  if not unbury(queue, band) and not state then
    vanished = vanished + 1 -- a lost job, to be reported by the worker
  end
end

-- Puts a job into the list of the gate that holds it back. If the same gate had released it (from),
-- the jobs that the gate released after it go back too; otherwise they would be claimed before it.
local function hold(id, queue, band, constants, waitedBefore, from, gate, reason, untilTime,
    interval)
  if from == gate then
    local back = takeReleasedBy(gate, queue, band)
    for i, other in ipairs(back) do -- in reverse order: each is put before the previous one
      local state, its = unpack(redis.call('HMGET', jobKey(other), 'st', 'c'))
      if state == 'queued' then
        park(other, queue, band, its, gate, reason, untilTime, interval, #back - i + 1)
      else
        passOver(state, queue, band)
      end
    end
  end
  park(id, queue, band, constants, gate, reason, untilTime, interval, waitedBefore and 0 or nil)
  -- What it was released for is free for the next one that waits there.
  if from and from ~= gate then open(from) end
end

-- Checks all gates of a job. Returns true if it may run, and whether it is the probe; otherwise
-- moves it to the list of the gate that holds it back. from: the gate that released it before, if
-- any.
local function pass(id, queue, tool, band, constants, limits, from)
  local gate = 't:' .. (tool or '')
  local slots, toolRate, callerRate, owner, again = unpack(limits, 1, 5)
  local callerSlots = limits[11]
  again = again or from
  local probe = false
  if broken[tool] then
    local opens = breakerOpens(gate)
    -- A job that was the probe before waits behind the others; else it would be the probe each
    -- time.
    local tried = limits[10]
    if opens == 0 and tried and from ~= gate and redis.call('SISMEMBER', GATES, gate) == 1 then
      opens = now
    end
    if opens == 0 then
      probe = true
    elseif opens then
      hold(id, queue, band, constants, again and not tried, from, gate, 'BREAKER',
        opens > 0 and opens or nil)
      return false
    end
  end
  if slots and redis.call('SCARD', gateKey(gate, 's')) >= tonumber(slots) then
    hold(id, queue, band, constants, again, from, gate, 'CONCURRENCY')
    return false
  end
  if toolRate then
    local wait, interval = untilToken(gate, toolRate)
    if wait > 0 then
      hold(id, queue, band, constants, again, from, gate, 'TOOL_RATE', now + wait, interval)
      return false
    end
  end
  local its = owner and 'c:' .. owner
  if callerSlots and redis.call('SCARD', gateKey(its, 's')) >= tonumber(callerSlots) then
    hold(id, queue, band, constants, again, from, its, 'CALLER_RUNNING')
    return false
  end
  if callerRate then
    local wait, interval = untilToken(its, callerRate)
    if wait > 0 then
      hold(id, queue, band, constants, again, from, its, 'CALLER_RATE', now + wait, interval)
      return false
    end
    takeToken(its, callerRate)
  end
  if toolRate then takeToken(gate, toolRate) end
  if slots then redis.call('SADD', gateKey(gate, 's'), id) end
  if callerSlots then redis.call('SADD', gateKey(its, 's'), id) end
  if probe then
    redis.call('HSET', gateKey(gate, 'o'), 'probe', id)
    redis.call('HSET', jobKey(id), 'gp', 1)
    redis.call('ZADD', LEASES, now + lease, id) -- shows that the probe runs (breakerOpens)
  end
  return true, probe
end

-- Claims a job that was taken from a list, unless it has ended, was deleted or is held back.
local function take(id, queue, band, from)
  local key = jobKey(id)
  local state, fences, constants, tool, started, repeatable, created, retryUntil, queued, special,
    watchers = unpack(redis.call('HMGET', key, 'st', 'f', 'c', 't', 'a', 'rp', 'cr', 'ru', 'qa',
      'x', 'w'))
  if state ~= 'queued' then
    passOver(state, queue, band)
    return
  end
  local more, ok, probed = NOTHING, true, false
  if special or broken[tool] then
    more = redis.call('HMGET', key, 'cl', 'rl', 'rc', 'og', 'pk', 'md', 'fl', 'fx', 'de', 'gp',
      'cc')
  end
  local metadata, flow, index, deadline = more[6] or false, more[7] or false, more[8] or false, more[9]
  if flow and flowStops(id, flow, index) then
    ok = false -- its batch or chain was stopped
  elseif deadline and tonumber(retryUntil) <= now then
    ttl.result = ttl.status
    exceedDeadline(load(id), ttl)
    ok = false
  elseif more[1] or more[2] or more[3] or more[11] or broken[tool] then
    ok, probed = pass(id, queue, tool, band, constants, more, from)
  end
  if not ok then
    skipped = skipped + 1
    return
  end
  local fence = whole((fences or 0) + 1)
  if repeatable == '1' then
    -- The claim is the start. A tool that must not be repeated waits for start.lua, because a reply
    -- that is lost must not use up its only attempt.
    redis.call('HSET', key, 'f', fence, 'n', nonce, 'st', 'running', 'sa', stamp, 'up', stamp,
      'a', whole((started or 0) + 1))
    announce(id, watchers)
  else
    redis.call('HSET', key, 'f', fence, 'n', nonce)
  end
  leases[#leases + 1] = expiry
  leases[#leases + 1] = id
  -- Read only now, because they may be megabytes and are not needed for a job that is not claimed.
  local params, headers = unpack(redis.call('HMGET', key, 'p', 'h'))
  room = room - #(params or '') - #(headers or '')
  local attempts = started or '0'
  local waited = now - tonumber(queued or created)
  local probe = probed and 1 or 0
  claims[#claims + 1] = {CLAIM} -- replaced by the names of ClaimField in Script.java
end

local function claim(queue, band, fronts, most)
  local target = #claims + most
  -- Cancelled and deleted jobs stay in their list as tombstones; skip a bounded number of them.
  while #claims < target and skipped < 1000 and room > 0 do
    local id, gate
    if fronts then id, gate = takeReleased(queue, band) end
    if id then
      take(id, queue, band, gate)
    else
      local ids = takeFromLine(queue, band, target - #claims)
      if not ids then return end
      for i, waiting in ipairs(ids) do
        if room <= 0 then
          putBackInLine(queue, band, ids, i)
          return
        end
        take(waiting, queue, band)
      end
    end
  end
end

local states = redis.call('HMGET', QUEUES, unpack(queues))
for i, queue in ipairs(queues) do
  -- Register the queue: a worker serves it, so jobs may be submitted to it.
  if not states[i] then redis.call('HSET', QUEUES, queue, '') end
end
for i, queue in ipairs(queues) do
  if states[i] ~= 'paused' and #claims < wanted then
    local fronts = anyReleasedIn(queue)
    -- A head that has waited longer than its band allows is claimed first. Such heads get a quarter
    -- of all claims; the counter s saves up the fractions of small claims.
    for band = 3, 1, -1 do
      local head = patience[band] > 0 and nextIn(queue, band)
      local since = head and waitingSince(head)
      if since and now - since > patience[band] then
        local share = wanted - #claims
        local saved = redis.call('INCRBY', savingsKey(queue), share)
        redis.call('PEXPIRE', savingsKey(queue), 60000)
        local allowed = math.min(math.floor(saved / 4), math.ceil(share / 4))
        if allowed > 0 then
          local before = #claims
          claim(queue, band, fronts, allowed)
          redis.call('DECRBY', savingsKey(queue), math.max(4 * (#claims - before), saved - 64))
        end
      end
    end
    for band = 0, 3 do
      if #claims < wanted then claim(queue, band, fronts, wanted - #claims) end
    end
  end
end
if #leases > 0 then
  redis.call('ZADD', LEASES, unpack(leases))
end

local more = 0
for i, queue in ipairs(queues) do
  if states[i] ~= 'paused' and anybodyIn(queue) then
    wake(queue)
    more = 1
  end
end
local nextDue = -1
for _, times in ipairs({SCHEDULED, OPENINGS}) do
  local first = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')
  if first[2] then
    local wait = math.max(0, tonumber(first[2]) - now)
    if nextDue < 0 or wait < nextDue then nextDue = wait end
  end
end
return {accepted, claims, more, nextDue, vanished}
