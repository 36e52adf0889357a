-- Records a worker's completions, then claims jobs, in one round trip.
-- Called by: RedisWorkQueue.step; also by claimWhenReady, after a BLPOP on the wake tokens.
-- ARGV: nonce of new claims, lease in ms, status TTL in ms, dead TTL in ms, longest wait of a head
--   of bands 1, 2 and 3 in ms, count of claims wanted, count of queues, queue, …,
--   count of completions, the id of each, then for each:
--   token with a blank behind it, kind followed by its checkpoints as JSON if it has any, and
--     kind f (finished with a small result): state, error or '', result (ends.lua)
--     kind s (finished, the result has a hash of its own): state, error or '', result TTL in ms,
--       1 if the result is large else 0, count of result fields, field, value, …; or -1 and the nonce
--       of the staged result
--     kind r (retry) or g (given back): delay in ms, error or ''
--   and last the channel of the calling process
-- Returns: {{per completion 1 accepted, 0 not, -1 its staged result has expired, or, if the process
--   watches the job, what it is told of its end (announceEnd)},
--   {id, constants, params, false or what is not as at a first attempt (ClaimField), … per claimed
--   job}, 1 if jobs still wait else 0, ms until the next scheduled job or gate or -1, count of jobs
--   that were lost from the store, now in ms}
mustPass()
local nonce, lease = ARGV[1], tonumber(ARGV[2])
local ttl = {status = tonumber(ARGV[3]), dead = tonumber(ARGV[4])}
local wanted, queueCount = tonumber(ARGV[8]), tonumber(ARGV[9])
local at = 10 + queueCount
local completions = tonumber(ARGV[at])
at = at + 1

local accepted = {}
local caller = ARGV[#ARGV]
local claims, claimed = {}, 0
local leases, entries = {}, {}
local broken
local expiry = whole(now + lease)
local skipped, vanished = 0, 0
usesLater = {}

-- The bytes of params that this call may still return. A reply of hundreds of megabytes would block
-- Redis for all clients. At least one job is returned, whatever its size.
local room = 16777216

-- Writes the claims made so far.
local function recordClaims()
  if #leases == 0 then return end
  redis.call('ZADD', LEASES, unpack(leases))
  redis.call('HSET', CLAIMS, unpack(entries))
  leases, entries = {}, {}
end

-- Claims a job. v: its fields, as read by take. special: the values of a special job that a worker
-- needs; nil for any other.
local function lend(id, v, special)
  local constants, last = v[2], v[5]
  local fence, attempt, more = '1', '1', false
  if last or v[6] or v[9] or special then
    local before, attempts = string.match(last or '- 0 0', '^%S+ (%S+) (%S+)')
    fence, attempt = whole(before + 1), whole(attempts + 1)
    local queued, retryUntil = v[6], v[9]
    local metadata, probe, flow, index = unpack(special or {false, 0, false, false})
    more = {CLAIM} -- replaced by the names of ClaimField in Script.java
  end
  local entry, starts = newEntry(nonce .. ' ' .. fence .. ' ' .. attempt, constants,
    not (v[4] or v[8] or special), v[7])
  if starts then announce(id, v[7]) end
  local n = #leases
  leases[n + 1], leases[n + 2] = expiry, id
  entries[n + 1], entries[n + 2] = id, entry
  room = room - #(v[3] or '')
  claimed = claimed + 1
  n = #claims
  claims[n + 1], claims[n + 2], claims[n + 3], claims[n + 4] = id, constants, v[3] or '', more
end

-- Handles a list entry whose job cannot be claimed.
local function passOver(state, queue, band)
  skipped = skipped + 1
  if not unbury(queue, band) and not state then
    vanished = vanished + 1 -- a lost job, to be reported by the worker
  end
end

local completeSpecial, takeSpecial, openGates

-- Defines the functions for what most steps do not meet.
local function useSpecial()
  -- Definitions
  function openGates(gates)
    for _, gate in ipairs(gates) do open(gate) end
  end

  local function again(job, kind, delay, err)
    local key = jobKey(job.id)
    if kind == 'r' then
      local why = cjson.decode(err)
      noteAttempt(job, why.code, why.message)
      redis.call('HSET', key, 'er', err)
    else
      job.attempts = job.attempts - 1
    end
    -- By this claim a repeated call is recognised.
    redis.call('HSET', key, 'k', claimText(job, ' b'), 'up', stamp)
    unlease(job)
    -- A stopped batch or chain allows no further attempt.
    if kind == 'r' and job.flow and flowStops(job.id, job.flow, job.index) then return end
    if delay > 0 then
      schedule(job.id, job.queue, now + delay)
    else
      toHead(job)
    end
    announce(job.id, job.watchers)
  end

  -- Records a completion of any kind. Returns the place of the next one in ARGV.
  function completeSpecial(i, id, from)
    local token = ARGV[from]
    local kind, checkpoints = string.sub(ARGV[from + 1], 1, 1), string.sub(ARGV[from + 1], 2)
    local ends = kind == 'f' or kind == 's'
    local next, staged
    if kind == 'f' then
      next = from + 5
    elseif kind ~= 's' then
      next = from + 4
    elseif ARGV[from + 6] == '-1' then
      next = from + 8
      staged = resultKey(id) .. ':' .. ARGV[from + 7]
    else
      next = from + 7 + tonumber(ARGV[from + 6]) * 2
    end
    local job = load(id)
    local mine = job and holds(token, job)
    -- back: the lease had expired and the job was queued again, but not claimed since. The outcome
    -- is accepted, so that the job does not run again.
    local back = ends and job and not job.claimed and job.state == 'queued' and job.last == 'r'
      and isToken(token, claimText(job))
    if back or (mine and (job.offered or job.state == 'running' or job.state == 'input_required'))
    then
      if staged and redis.call('EXISTS', staged) == 0 then
        accepted[i] = -1
      else
        if back then
          leaveTombstone(job)
          job.claimed = true
        end
        if job.started == '-' then -- its end arrived before its start was confirmed
          job.attempts = job.attempts + 1
          if kind ~= 'g' then job.started = stamp end
        end
        if checkpoints ~= '' then redis.call('HSET', jobKey(id), 'cp', checkpoints) end
        if ends then
          local result, apart
          if kind == 'f' then
            result = ARGV[from + 4]
          else
            ttl.result = tonumber(ARGV[from + 4])
            apart = {staged = staged, large = ARGV[from + 5] == '1',
              fields = not staged and {unpack(ARGV, from + 7, next - 1)}}
          end
          local told = finish(job, ARGV[from + 2], ARGV[from + 3], result, ttl, apart, false, caller)
          accepted[i] = told or 1
        else
          again(job, kind, tonumber(ARGV[from + 2]), ARGV[from + 3])
          accepted[i] = 1
        end
      end
    elseif mine and ends and TERMINAL[job.state] and job.state ~= 'cancelled' and not job.overdue
    then
      accepted[i] = 1 -- a repeated call: it was accepted before and the reply was lost
    elseif job and not ends and job.last == 'b' and isToken(token, claimText(job)) then
      accepted[i] = 1 -- a repeated call, too
    else
      -- The job was cancelled or its deadline passed. Its tool has stopped, so the lease can end.
      if mine and (job.state == 'cancelled' or job.overdue) then unlease(job) end
      accepted[i] = 0
    end
    if staged and accepted[i] ~= 1 then redis.call('DEL', staged) end
    return next
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
    -- Those that another gate released one after the other keep their order behind what waits here.
    local first = waitedBefore and (not from or from == gate)
    park(id, queue, band, constants, gate, reason, untilTime, interval, first and 0 or nil)
    -- What it was released for is free for the next one that waits there.
    if from and from ~= gate then open(from) end
  end

  -- Checks all gates of a job. Returns true if it may run, and whether it is the probe; otherwise
  -- moves it to the list of the gate that holds it back. from: the gate that released it before, if
  -- any.
  local function pass(id, queue, tool, band, constants, limits, from)
    local gate = 't:' .. tool
    local slots, toolRate, callerRate, again, callerSlots, tried = unpack(limits, 1, 6)
    again = again or from
    local probe = false
    if broken and broken[tool] then
      local opens = breakerOpens(gate)
      -- A job that was the probe before waits behind the others; else it would be the probe each
      -- time.
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
    local function isHeldAt(limiting, itsSlots, rate, slotReason, rateReason)
      local what, wait, interval = lacks(limiting, itsSlots, rate)
      if what == 'SLOT' then
        hold(id, queue, band, constants, again, from, limiting, slotReason)
      elseif what then
        hold(id, queue, band, constants, again, from, limiting, rateReason, now + wait, interval)
      end
      return what
    end
    local its = 'c:' .. string.match(constants, '^%S+ %S+ %S+ %S+ (%S+)')
    if isHeldAt(gate, slots, toolRate, 'CONCURRENCY', 'TOOL_RATE')
        or isHeldAt(its, callerSlots, callerRate, 'CALLER_RUNNING', 'CALLER_RATE') then
      return false
    end
    enter(gate, slots, toolRate, id)
    enter(its, callerSlots, callerRate, id)
    if probe then
      redis.call('HSET', gateKey(gate, 'o'), 'probe', id)
      redis.call('HSET', jobKey(id), 'gp', 1)
      redis.call('ZADD', LEASES, expiry, id) -- shows that the probe runs (breakerOpens)
    end
    return true, probe
  end

  -- Claims a job that may be held back, or not start any more.
  function takeSpecial(id, queue, band, from, v)
    local more = redis.call('HMGET', jobKey(id), 'cl', 'rl', 'rc', 'pk', 'cc', 'gp', 'md', 'fl',
      'fx', 'de')
    local flow, index = more[8], more[9]
    local constants = v[2]
    local _, _, tool = placeIn(constants)
    local ok, probed = true, false
    if flow and redis.call('HGET', tag .. ':b:' .. flow, 'wy') then
      recordClaims() -- because more jobs of the flow may end with this one
      ok = not flowStops(id, flow, index)
    end
    if ok and more[10] then
      local created, retryFor = timesIn(constants)
      if (tonumber(v[9]) or created + retryFor) <= now then
        recordClaims()
        exceedDeadline(load(id), ttl)
        ok = false
      end
    end
    if ok and (more[1] or more[2] or more[3] or more[5]
      or (broken and broken[tool])) then
      ok, probed = pass(id, queue, tool, band, constants, more, from)
    end
    if ok then
      lend(id, v, {more[7], probed and 1 or 0, flow, index})
    else
      skipped = skipped + 1
    end
  end
end

if completions > 0 then
  local first = at
  local found = redis.call('HMGET', CLAIMS, unpack(ARGV, first, first + completions - 1))
  at = first + completions
  local seen, done, n = {}, {}, 0
  local life, ends = whole(ttl.status), stamp .. ' ' .. whole(now + ttl.status)
  local function unleaseDone()
    if n > 0 then
      redis.call('ZREM', LEASES, unpack(done))
      redis.call('HDEL', CLAIMS, unpack(done))
      done, n = {}, 0
    end
  end
  for i = 1, completions do
    local id, entry = ARGV[first + i - 1], found[i]
    local plain, size, owner, watched
    if entry and ARGV[at + 1] == 'f' and not seen[id] and isToken(ARGV[at], entry) then
      -- One whose start was not confirmed (-) gets it by completeSpecial.
      plain, size, owner, watched = string.match(entry,
        '^(%S+ %S+ %S+ %d+) %+(%d+) (%S+) ?(w?)$')
    end
    if plain and ARGV[at + 2] ~= 'dead' then
      local key = jobKey(id)
      if ARGV[at + 3] == '' then
        redis.call('HSET', key, 'st', ARGV[at + 2], 'k', plain, 'e', ends,
          'p', '', 'r', ARGV[at + 4])
      else
        redis.call('HSET', key, 'st', ARGV[at + 2], 'k', plain, 'e', ends,
          'p', '', 'r', ARGV[at + 4], 'er', ARGV[at + 3])
      end
      redis.call('PEXPIRE', key, life)
      n = n + 1
      done[n] = id
      if size ~= '0' then collectUse(usesLater, owner, -1, -size) end
      accepted[i] = 1
      if watched ~= '' then
        accepted[i] = announceEnd(id, redis.call('HGET', key, 'w'), ARGV[at + 4], caller) or 1
      end
      at = at + 5
    else
      if seen[id] then unleaseDone() end
      if not completeSpecial then useSpecial() end
      at = completeSpecial(i, id, at)
    end
    seen[id] = true
  end
  unleaseDone()
  countCollected()
end

if wanted == 0 then
  return {accepted, claims, 0, -1, 0, now}
end
usesLater = {}

local queues = {unpack(ARGV, 10, 9 + queueCount)}
local patience = {tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])}

-- Most of the time none of these exists.
if redis.call('EXISTS', SCHEDULED, OPENINGS, BREAKERS) > 0 then
  -- Queue the scheduled jobs that are due, also those of queues that this worker does not serve.
  local served = {}
  for _, queue in ipairs(queues) do served[queue] = true end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', now, 'LIMIT', 0, 100)) do
    redis.call('ZREM', SCHEDULED, id)
    local job = redis.call('HMGET', jobKey(id), 'st', 'c')
    if job[1] == 'scheduled' then
      local queue, band = placeIn(job[2])
      redis.call('HSET', jobKey(id), 'st', 'queued', 'qa', stamp, 'up', stamp)
      addToLine(queue, band, job[2], id)
      if not served[queue] then wake(queue) end
    end
  end
  local gates = redis.call('ZRANGEBYSCORE', OPENINGS, '-inf', now, 'LIMIT', 0, 20)
  local tools = redis.call('SMEMBERS', BREAKERS)
  if #gates + #tools > 0 and not completeSpecial then useSpecial() end
  if #gates > 0 then openGates(gates) end
  if #tools > 0 then
    broken = {}
    for _, tool in ipairs(tools) do broken[tool] = true end
  end
end

-- Claims a job that was taken from a list, unless it has ended, was deleted or is held back.
local function take(id, queue, band, from)
  local v = redis.call('HMGET', jobKey(id), 'st', 'c', 'p', 'x', 'k', 'qa', 'w', 'at', 'ru')
  if v[1] ~= 'queued' then
    passOver(v[1], queue, band)
  elseif v[4] or broken then
    if not completeSpecial then useSpecial() end
    takeSpecial(id, queue, band, from, v)
  else
    lend(id, v)
  end
end

local function claim(queue, band, most)
  local target = claimed + most
  local fronts = true
  -- Cancelled and deleted jobs stay in their list as tombstones; skip a bounded number of them.
  while claimed < target and skipped < 1000 and room > 0 do
    local id, gate
    if fronts then id, gate = takeReleased(queue, band) end
    fronts = id
    if id then
      take(id, queue, band, gate)
    else
      local ids, parts = takeFromLine(queue, band, target - claimed)
      if not ids then return end
      for i, waiting in ipairs(ids) do
        if room <= 0 then
          putBackInLine(queue, band, ids, parts, i)
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
local inLine = entriesIn(queues)
for i, queue in ipairs(queues) do
  local its = inLine[i]
  if states[i] ~= 'paused' and claimed < wanted and anyOf(its) then
    -- A head that has waited longer than its band allows is claimed before more urgent jobs. Such
    -- heads get a quarter of all claims; the counter s saves up the fractions of small claims.
    local urgent = its[0] + its[1] + its[2]
    for band = 3, 1, -1 do
      local head = its[band] > 0 and urgent > 0 and patience[band] > 0 and nextIn(queue, band)
      urgent = urgent - its[band - 1]
      -- A head whose job was deleted does not say how long those behind it have waited.
      if head and now - (waitingSince(head) or 0) > patience[band] then
        local share = wanted - claimed
        local saved = redis.call('INCRBY', savingsKey(queue), share)
        redis.call('PEXPIRE', savingsKey(queue), 60000)
        local allowed = math.min(math.floor(saved / 4), math.ceil(share / 4))
        if allowed > 0 then
          local before = claimed
          claim(queue, band, allowed)
          redis.call('DECRBY', savingsKey(queue), math.max(4 * (claimed - before), saved - 64))
        end
      end
    end
    for band = 0, 3 do
      if its[band] > 0 and claimed < wanted then claim(queue, band, wanted - claimed) end
    end
  end
end
recordClaims()
countCollected()

local more = 0
for i, its in ipairs(entriesIn(queues)) do
  local queue = queues[i]
  if states[i] ~= 'paused' and anyOf(its) then
    wake(queue)
    more = 1
  end
end
local nextDue = -1
if redis.call('EXISTS', SCHEDULED, OPENINGS) > 0 then
  for _, times in ipairs({SCHEDULED, OPENINGS}) do
    local first = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')
    if first[2] then
      local wait = math.max(0, tonumber(first[2]) - now)
      if nextDue < 0 or wait < nextDue then nextDue = wait end
    end
  end
end
return {accepted, claims, more, nextDue, vanished, now}
