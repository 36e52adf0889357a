-- Common definitions. A script of the queue has those of them that it uses (ScriptText.java), so a
-- definition begins in the first column. KEYS[1] is the shard's tag, such as {lh:default:0}. All other keys are built from it, so all keys of a script are in one slot.
-- Times are the time of Redis in milliseconds; client clocks are not trusted.
local tag = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Formats an integer. Without it Redis formats Lua's numbers with 17 digits, which takes longer
-- than the command itself.
local function whole(number) return string.format('%d', number) end
local stamp = whole(now)

local function jobKey(id) return tag .. ':j:' .. id end
local function resultKey(id) return tag .. ':r:' .. id end
-- Hash of a job's questions: q:KEY is the question as JSON, a:KEY its answer; o:KEY exists while
-- the question is not answered.
local function questionsKey(id) return tag .. ':qs:' .. id end
local function wakeKey(queue) return tag .. ':q:' .. queue .. ':w' end
-- What heads that have waited too long saved up of their share of the claims (step.lua).
local function savingsKey(queue) return tag .. ':q:' .. queue .. ':s' end
local function gateKey(gate, part) return tag .. ':g:' .. gate .. ':' .. part end
-- Leases: id by expiry. The claims' hash has an entry for the same ids (claimed).
local LEASES = tag .. ':l'
local CLAIMS = tag .. ':cl'
local SCHEDULED = tag .. ':z'
local HELD = tag .. ':h'
local QUEUES = tag .. ':queues'
local PARKED = tag .. ':parked'
local GATES = tag .. ':gates'
local OPENINGS = tag .. ':gz'
local BREAKERS = tag .. ':breakers'
local CANCELS = tag .. ':cx'
local DEADLINES = tag .. ':dz'
local TERMINAL = {completed = true, failed = true, cancelled = true, dead = true}

-- Adds a queue's wake token unless it exists. Workers block on this token and not on a list of
-- jobs, so that a lost reply loses a token and not a job.
local function wake(queue)
  if redis.call('EXISTS', wakeKey(queue)) == 0 then
    redis.call('LPUSH', wakeKey(queue), '1')
  end
end

-- Lines: where jobs wait, of a queue and of a gate, each with four bands. Only this part
-- knows how lines are stored. constants: the field c of a job, which has its owner.

local function bandKey(queue, band) return tag .. ':q:' .. queue .. ':' .. band end
-- List of the jobs that a gate released, as 'id gate'. They are claimed before those of the
-- queue's list, in their order.
local function frontKey(queue, band) return tag .. ':q:' .. queue .. ':g' .. band end
local function frontsOf(queue)
  return frontKey(queue, 0), frontKey(queue, 1), frontKey(queue, 2), frontKey(queue, 3)
end

-- Collects a job to be added at the end of its line, so that jobs of the same line are added by one
-- command. lines: a table, empty at first.
local function collectForLine(lines, queue, band, constants, id)
  local line = bandKey(queue, band)
  local ids = lines[line]
  if not ids then
    ids = {}
    lines[line] = ids
  end
  ids[#ids + 1] = id
end

local function addToLines(lines)
  for line, ids in pairs(lines) do
    for from = 1, #ids, 500 do
      redis.call('LPUSH', line, unpack(ids, from, math.min(from + 499, #ids)))
    end
  end
end

-- Adds a job at the end of its line.
local function addToLine(queue, band, constants, id)
  redis.call('LPUSH', bandKey(queue, band), id)
end

-- Adds a job at the head of its line, before those of its band. gate: the gate that counts as having
-- released it, if any.
local function addAtHead(queue, band, constants, id, gate)
  if gate then
    redis.call('RPUSH', frontKey(queue, band), id .. ' ' .. gate)
  else
    redis.call('RPUSH', bandKey(queue, band), id)
  end
end

-- Adds a job that a gate has released: before the line of its band, after those released earlier.
local function addReleased(queue, band, constants, id, gate)
  redis.call('LPUSH', frontKey(queue, band), id .. ' ' .. gate)
end

-- Whether jobs that a gate released wait in any band of a queue.
local function anyReleasedIn(queue) return redis.call('EXISTS', frontsOf(queue)) > 0 end

-- Takes the next job that a gate released. Returns its id and gate; nothing if there is none.
local function takeReleased(queue, band)
  local first = redis.call('RPOP', frontKey(queue, band))
  if first then return string.match(first, '^(%S+) (.*)$') end
end

-- Takes the jobs that a gate released after the one that was taken last, and leaves those of other
-- gates. Returns their ids, the last one first.
local function takeReleasedBy(gate, queue, band)
  local front = frontKey(queue, band)
  local back, staying = {}, {}
  for _, entry in ipairs(redis.call('LRANGE', front, 0, -1)) do
    local other, its = string.match(entry, '^(%S+) (.*)$')
    if its == gate then back[#back + 1] = other else staying[#staying + 1] = entry end
  end
  if #back > 0 then
    redis.call('DEL', front)
    for at = 1, #staying, 500 do
      redis.call('RPUSH', front, unpack(staying, at, math.min(at + 499, #staying)))
    end
  end
  return back
end

-- Takes the next jobs that no gate released. Returns their ids in order, or false if there is none.
local function takeFromLine(queue, band, most) return redis.call('RPOP', bandKey(queue, band), most) end

-- Puts back what takeFromLine returned, from a place in it on.
local function putBackInLine(queue, band, ids, from)
  for left = #ids, from, -1 do redis.call('RPUSH', bandKey(queue, band), ids[left]) end
end

-- Returns the id of the next job in a band of a queue, or false.
local function nextIn(queue, band)
  local first = redis.call('LINDEX', frontKey(queue, band), -1)
  if first then return string.match(first, '%S+') end
  return redis.call('LINDEX', bandKey(queue, band), -1)
end

local function anybodyIn(queue)
  return redis.call('EXISTS', bandKey(queue, 0), bandKey(queue, 1), bandKey(queue, 2),
    bandKey(queue, 3), frontsOf(queue)) > 0
end

-- Counts the waiting jobs in each band of a queue, without tombstones and those at gates.
local function lengthsOf(queue)
  local lengths = {}
  for band = 0, 3 do lengths[band] = redis.call('LLEN', bandKey(queue, band)) end
  if anyReleasedIn(queue) then
    for band = 0, 3 do
      lengths[band] = lengths[band] + redis.call('LLEN', frontKey(queue, band))
    end
  end
  if redis.call('EXISTS', tag .. ':buried') == 1 then
    for band = 0, 3 do
      local dead = tonumber(redis.call('HGET', tag .. ':buried', queue .. ' ' .. band) or 0)
      lengths[band] = math.max(0, lengths[band] - dead)
    end
  end
  return lengths
end

local function atGates(queue) return tonumber(redis.call('HGET', PARKED, queue) or 0) end

-- Whether no job waits in a queue, neither in its lines nor at a gate.
local function isIdle(queue) return not anybodyIn(queue) and atGates(queue) == 0 end

-- Counts the waiting jobs of a queue, with those at gates.
local function waitingIn(queue)
  local lengths = lengthsOf(queue)
  return atGates(queue) + lengths[0] + lengths[1] + lengths[2] + lengths[3]
end

-- The entry of a waiting job that ends stays in its line as a tombstone. Tombstones are counted in
-- total, so that one whose job was deleted is not reported as a lost job, and per band, so that they
-- do not count as waiting jobs.
local function bury(queue, band)
  redis.call('INCR', tag .. ':tombstones')
  redis.call('HINCRBY', tag .. ':buried', queue .. ' ' .. band, 1)
end

-- Counts an entry that was taken and is a tombstone. Returns false if it was not known to be one.
local function unbury(queue, band)
  local line = queue .. ' ' .. band
  if tonumber(redis.call('HGET', tag .. ':buried', line) or 0) > 0
      and redis.call('HINCRBY', tag .. ':buried', line, -1) == 0 then
    redis.call('HDEL', tag .. ':buried', line)
  end
  if tonumber(redis.call('GET', tag .. ':tombstones') or 0) == 0 then return false end
  redis.call('DECR', tag .. ':tombstones')
  return true
end

-- Adds a job to the line of a gate, at its end or at its head.
local function addToGate(gate, band, constants, id, head)
  redis.call(head and 'RPUSH' or 'LPUSH', gateKey(gate, band), id)
end

-- Counts the entries in a gate's line of a band, with tombstones.
local function lengthAt(gate, band) return redis.call('LLEN', gateKey(gate, band)) end

-- Returns the id of the next job in a gate's line of a band, or false.
local function nextAt(gate, band) return redis.call('LINDEX', gateKey(gate, band), -1) end

-- Removes what nextAt returns.
local function removeNextAt(gate, band) redis.call('RPOP', gateKey(gate, band)) end

-- Returns the ids of the first jobs of a gate's line in a band, the next one last.
local function headsAt(gate, band) return redis.call('LRANGE', gateKey(gate, band), -5, -1) end

-- Notifies the processes that watch a job. The message is only a hint to read the job again.
local function announce(id, watchers)
  if watchers then
    for channel in string.gmatch(watchers, '%S+') do
      redis.call('PUBLISH', channel, id)
    end
  end
end

-- The fields of a view of a job, from Script.java.
local VIEW = {VIEW}

-- Set by step.lua: the channel of the process that has sent a completion, the job that it ends, and
-- what is told of its end. That process is told in the reply.
local replyTo, ending, reply

-- The longest result, in bytes, that is told with a job's end.
local MOST_TOLD = 4096

-- Notifies the processes that watch a job of its end. On a channel that ends with + they are told
-- what a read gives from now on: the values of VIEW (view.lua) and the result.
-- result: the text of a small result, or false if what a read gives may still change or is larger
local function announceEnd(id, watchers, result)
  if not watchers then return end
  local tells = result and #result <= MOST_TOLD
  local message
  for channel in string.gmatch(watchers, '%S+') do
    if not tells or string.sub(channel, -1) ~= '+' then
      redis.call('PUBLISH', channel, id)
    else
      message = message
        or id .. ' ' .. cjson.encode({redis.call('HMGET', jobKey(id), unpack(VIEW)), result})
      if channel == replyTo and id == ending then
        reply = message
      else
        redis.call('PUBLISH', channel, message)
      end
    end
  end
end

-- The constants of a job, its field c, with blanks between: time of creation, ms for attempts, 1 if
-- repeatable else 0, bytes that count, owner's index name, queue, band, tool or -, and what only the
-- Java side reads (FixedFields.java). Scripts get them without the time of creation, and put that
-- before it.

-- Returns the time of creation in ms and the ms for attempts.
local function timesIn(constants) return string.match(constants, '^(%d+) (%d+)') end

-- Blanks in the name of a queue are stored as this character.
local BLANK = '\31'
local function queueNamed(stored)
  return (string.find(stored, BLANK, 1, true) and string.gsub(stored, BLANK, ' ') or stored)
end

-- Returns the queue and band of a job, its tool or -.
local function placeIn(constants)
  local queue, band, tool = string.match(constants, '^%S+ %S+ %S+ %S+ %S+ (%S+) (%S+) (%S+)')
  return queueNamed(queue), band, tool
end

-- Returns the bytes that a new job counts and its owner's index name, from its constants without the
-- time of creation.
local function useIn(constants) return string.match(constants, '^%S+ %S+ (%S+) (%S+)') end

-- Returns a job's owner.
local function ownerIn(constants)
  local index, owner = string.match(constants,
    '^%S+ %S+ %S+ %S+ (%S+) %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (.*)$')
  return owner == '' and index or owner
end

-- Returns the queue and band of a job, or nothing if it is unknown.
local function placeOf(id)
  local constants = redis.call('HGET', jobKey(id), 'c')
  if constants then return placeIn(constants) end
end

-- The claim of a job is an entry of CLAIMS while it is leased, and the job's field k afterwards:
-- 'NONCE FENCE ATTEMPT STARTED', with - for a claim that was not started. Nonce and fence are the
-- token of its holder, who sends both with a blank behind them. An entry ends with ' +BYTES OWNER' if
-- the job can end without a look at it (step.lua), and then with ' w' if it is watched; with ' !' if it has ended and its tool has not
-- stopped yet. A field k ends with ' b' if its holder gave the job back or asked for another attempt,
-- with ' r' if the lease had expired, with ' p' once the partial result of a stopped tool is there. A job that runs is stored in state queued, so that a claim
-- changes nothing but CLAIMS.
local function isToken(token, claim) return claim and string.find(claim, token, 1, true) == 1 end

-- Whether an entry is that of a job that runs, with this token.
local function runs(entry, token)
  return isToken(token, entry) and not string.find(entry, '^%S+ %S+ %S+ %-')
    and not string.find(entry, ' !', 1, true)
end

local function claimText(job, mark)
  return job.nonce .. ' ' .. job.fence .. ' ' .. whole(job.attempts) .. ' ' .. job.started
    .. (mark or '')
end

-- To be called when a leased job gets its first watcher, who must be told of its end.
local function watched(id)
  local entry = redis.call('HGET', CLAIMS, id)
  if entry and string.find(entry, ' %+%d+ %S+$') then redis.call('HSET', CLAIMS, id, entry .. ' w') end
end

-- To be called when something happens to a leased job that the script that ends it must look at.
local function special(id)
  local entry = redis.call('HGET', CLAIMS, id)
  local at = entry and string.find(entry, ' +', 1, true)
  if at then redis.call('HSET', CLAIMS, id, string.sub(entry, 1, at - 1)) end
end

-- Returns the state of a job. stored: its field st.
local function stateOf(id, stored)
  if stored ~= 'queued' then return stored end
  local entry = redis.call('HGET', CLAIMS, id)
  return entry and not string.find(entry, '^%S+ %S+ %S+ %-') and 'running' or stored
end

-- Reads the fields of a job that a script needs to change its state, together with its claim; nil if
-- the job is unknown. claimed: whether it is leased. offered: whether its claim was not started.
-- attempts: how many were started. last: the mark of its last claim.
local function load(id)
  local v = redis.call('HMGET', jobKey(id), 'st', 'c', 'k', 'w', 'at', 'cl', 'u', 'fl', 'fx', 'wg',
    'gp', 'qn', 'nt', 'de', 'pp', 'cc')
  if not v[1] or not v[2] then return nil end
  local created, retryFor, repeatable, size, owner, queue, band, tool =
    string.match(v[2], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)')
  local entry = redis.call('HGET', CLAIMS, id)
  local nonce, fence, attempt, started, last =
    string.match(entry or v[3] or '- 0 0 -', '^(%S+) (%S+) (%S+) (%S+) ?(.*)$')
  local job = {id = id, state = v[1], constants = v[2], watchers = v[4], announced = v[5],
    slots = v[6], key = v[7], flow = v[8], index = v[9], gate = v[10], probe = v[11], asked = v[12],
    notify = v[13], deadline = v[14] == '1', overdue = v[14] == '2', partial = v[15],
    callerGate = v[16] and 'c:' .. owner, created = tonumber(created), retryFor = tonumber(retryFor),
    repeatable = repeatable == '1', size = tonumber(size), owner = owner, queue = queueNamed(queue), band = band,
    tool = tool, nonce = nonce, fence = fence, attempt = tonumber(attempt), started = started,
    last = last, claimed = entry and true or false}
  job.attempts = job.attempt
  if job.claimed and started == '-' then
    job.offered = not TERMINAL[job.state]
    job.attempts = job.attempt - 1
  elseif job.claimed and job.state == 'queued' then
    job.state = 'running'
  end
  return job
end

-- Whether a token is that of the job's holder, or of its last one if the job has ended.
local function holds(token, job)
  return isToken(token, job.nonce .. ' ' .. job.fence .. ' ')
    and (job.claimed or job.last == '')
end

-- Hash of the quota counters: o:OWNER, by index name, is 'jobs bytes' of an owner's open jobs, t the
-- total of all owners. Every script that ends or deletes a job must subtract it.
local USE = tag .. ':use'

-- Set by a script that ends many jobs: collects what to subtract, for one write at the end.
local usesLater

-- Adds to the quota counters. owners: a table of owner to {jobs, bytes}.
local function addUse(owners)
  local names, total = {'t'}, {0, 0}
  for owner, more in pairs(owners) do
    names[#names + 1] = 'o:' .. owner
    total[1], total[2] = total[1] + more[1], total[2] + more[2]
  end
  if #names == 1 then return end
  for from = 1, #names, 500 do
    local to = math.min(from + 499, #names)
    local known = redis.call('HMGET', USE, unpack(names, from, to))
    local set, gone = {}, {}
    for i = from, to do
      local more = i == 1 and total or owners[string.sub(names[i], 3)]
      local jobs, bytes = string.match(known[i - from + 1] or '0 0', '(%d+) (%d+)')
      jobs, bytes = jobs + more[1], bytes + more[2]
      if jobs > 0 then
        set[#set + 1] = names[i]
        set[#set + 1] = string.format('%d %d', jobs, math.max(0, bytes))
      else
        gone[#gone + 1] = names[i]
      end
    end
    if #set > 0 then redis.call('HSET', USE, unpack(set)) end
    if #gone > 0 then redis.call('HDEL', USE, unpack(gone)) end
  end
end

local function collectUse(owners, owner, jobs, bytes)
  local its = owners[owner]
  if not its then
    its = {0, 0}
    owners[owner] = its
  end
  its[1], its[2] = its[1] + jobs, its[2] + bytes
end

-- Subtracts a job, as returned by load(), that is no longer open.
local function countOut(job)
  if job.size == 0 then return end -- stored by an earlier version, which did not count jobs
  local owners = usesLater or {}
  collectUse(owners, job.owner, -1, -job.size)
  if not usesLater then addUse(owners) end
end

local function countCollected()
  if usesLater then addUse(usesLater) end
  usesLater = nil
end

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

-- Gates hold jobs back although a worker is free. A gate t:TOOL has slots (the set of the ids of
-- the jobs that have one), a token bucket and a circuit breaker; a gate c:OWNER has slots and a token
-- bucket.
-- Jobs that may not pass wait in the gate's lists, one per band, so that they do not block other
-- jobs.

-- A token bucket is stored as one number: the time up to which its tokens are reserved (virtual
-- scheduling, ITU-T I.371). spec: 'interval burst', the ms per call and the calls at once.
-- Returns the ms until a token is free, and the interval.
local function untilToken(gate, spec)
  local interval, burst = string.match(spec, '(%S+) (%S+)')
  local spoken = tonumber(redis.call('GET', gateKey(gate, 'b')) or 0)
  return math.max(0, math.ceil(spoken - (burst - 1) * interval - now)), tonumber(interval)
end

local function takeToken(gate, spec)
  local interval = tonumber(string.match(spec, '%S+'))
  local spoken = math.max(tonumber(redis.call('GET', gateKey(gate, 'b')) or 0), now) + interval
  redis.call('SET', gateKey(gate, 'b'), string.format('%.3f', spoken), 'PX',
    math.ceil(spoken - now) + 1000)
end

-- Updates the number of held-back jobs of a batch or chain, and the latest reason.
local function tellFlow(id, more, gate, reason, untilTime)
  local place = redis.call('HMGET', jobKey(id), 'fl', 'fx')
  if not place[1] or tonumber(place[2]) < 0 then return end
  local flow = tag .. ':b:' .. place[1]
  if redis.call('EXISTS', flow) == 0 then return end
  redis.call('HINCRBY', flow, 'wn', more)
  if gate then
    redis.call('HSET', flow, 'wr', reason, 'wt', gate, 'wu',
      untilTime and math.ceil(untilTime) or '')
  end
end

-- Adds a job to a gate's list.
-- untilTime: the time at which the gate opens, if known.
-- interval: the ms that each job ahead takes, if known.
-- before: nil to add the job at the end. A job that the gate had released but that could not run is
--   put back at the head; then it is the number of jobs of its band that stay ahead of it.
local function park(id, queue, band, constants, gate, reason, untilTime, interval, before)
  local expected = untilTime
  if interval then
    expected = expected + (before or lengthAt(gate, band)) * interval
    for urgent = 0, band - 1 do
      expected = expected + lengthAt(gate, urgent) * interval
    end
  end
  addToGate(gate, band, constants, id, before)
  redis.call('HSET', jobKey(id), 'wg', gate, 'wr', reason, 'wu',
    expected and math.ceil(expected) or '', 'pk', 1, 'up', now)
  redis.call('HINCRBY', PARKED, queue, 1)
  tellFlow(id, 1, gate, reason, expected)
  redis.call('SADD', GATES, gate)
  if untilTime then redis.call('ZADD', OPENINGS, 'LT', untilTime, gate) end
end

-- Removes a job from its gate; its entry in the gate's list stays as a tombstone.
local function unpark(id, queue)
  tellFlow(id, -1)
  redis.call('HDEL', jobKey(id), 'wg', 'wr', 'wu')
  redis.call('HINCRBY', PARKED, queue, -1)
end

-- Returns when a tool's circuit breaker lets the next job pass: nil if it is closed, 0 if one job
-- may run as the probe, -1 while the probe runs, else the time in ms at which a probe may run.
local function breakerOpens(gate)
  local open = redis.call('HMGET', gateKey(gate, 'o'), 'until', 'probe')
  if not open[1] then return nil end
  if tonumber(open[1]) > now then return tonumber(open[1]) end
  if open[2] and open[2] ~= '' and redis.call('ZSCORE', LEASES, open[2]) then return -1 end
  return 0
end

-- Moves the jobs that may pass a gate now from its lists to the table gone. Returns the time at
-- which to check again, or nothing if the next job can pass only when another one ends.
local function takeFrom(gate, breaker, gone)
  local isTool = string.sub(gate, 1, 2) == 't:'
  local most = breaker == 0 and 1 or 64
  local used = redis.call('SCARD', gateKey(gate, 's'))
  local spoken = tonumber(redis.call('GET', gateKey(gate, 'b')) or 0)
  local looked = 0
  for band = 0, 3 do
    while true do
      local id = nextAt(gate, band)
      if not id then break end
      looked = looked + 1
      if #gone >= most or looked > 500 then return breaker ~= 0 and now or nil end
      local job = redis.call('HMGET', jobKey(id), 'st', 'c', 'cl', 'rl', 'rc', 'wg', 'w', 'cc')
      if job[1] == 'queued' and job[6] == gate then
        local slots, spec = job[8], job[5]
        if isTool then slots, spec = job[3], job[4] end
        if slots and used + #gone >= tonumber(slots) then return end
        if spec then
          local interval, burst = string.match(spec, '(%S+) (%S+)')
          local free = spoken - (burst - 1) * interval
          if free > now then return math.ceil(free) end
          spoken = math.max(spoken, now) + interval
        end
        local queue, itsBand = placeIn(job[2])
        gone[#gone + 1] = {id = id, queue = queue, band = itsBand, watchers = job[7],
          constants = job[2]}
      end
      removeNextAt(gate, band) -- also the entry of a job that was cancelled or deleted meanwhile
    end
  end
  redis.call('SREM', GATES, gate)
end

-- Releases the jobs that may pass a gate now. The gate is checked again when they are claimed.
local function open(gate)
  local breaker = nil
  if string.sub(gate, 1, 2) == 't:' then breaker = breakerOpens(gate) end
  redis.call('ZREM', OPENINGS, gate)
  if breaker == -1 then return end
  if breaker and breaker > 0 then
    redis.call('ZADD', OPENINGS, breaker, gate)
    return
  end
  local gone = {}
  local again = takeFrom(gate, breaker, gone)
  if again then redis.call('ZADD', OPENINGS, again, gate) end
  for _, job in ipairs(gone) do
    unpark(job.id, job.queue)
    addReleased(job.queue, job.band, job.constants, job.id, gate)
    wake(job.queue)
    announce(job.id, job.watchers)
  end
end

-- Ends a job's lease and frees its slots for waiting jobs.
local function unlease(job)
  redis.call('ZREM', LEASES, job.id)
  redis.call('HDEL', CLAIMS, job.id)
  if job.slots or job.probe then
    local gate = 't:' .. job.tool
    local freed = job.slots and redis.call('SREM', gateKey(gate, 's'), job.id) == 1
    if job.probe and redis.call('HGET', gateKey(gate, 'o'), 'probe') == job.id then
      redis.call('HDEL', gateKey(gate, 'o'), 'probe')
      freed = true
    end
    if freed then open(gate) end
  end
  if job.callerGate and redis.call('SREM', gateKey(job.callerGate, 's'), job.id) == 1 then
    open(job.callerGate)
  end
end

-- Set by flow.lua. flowEnded updates a batch or chain after the end of a child; flowStops tells
-- whether a child may not start because its flow was stopped.
local flowEnded, flowStops

-- Set by notify.lua: queues the notifications of the end of a job, batch or chain.
local notifyEnd

-- A small result is one text in the field r of its job: a letter for its kind and what belongs to it
-- (OutcomeFields.java). These are the ones without a value.
local FAILED, GIVEN_UP, CANCELLED = 'j["k","f"]', 'j["k","g"]', 'j["k","c"]'

-- Ends a job: writes its state and its result. A small result lives as long as the job's status.
-- result: the text of a small result, or nil for one that has a hash of its own: apart.
-- ttl: {status, dead} in ms, and result for one apart. A TTL that was announced to a client is not
--   shortened, unless the result is large.
-- apart: {staged = key of a result that was written before, or fields = a flat list for its hash,
--   large = true if it is large}
-- keep: true to leave the lease and slots until the tool has stopped.
local function finish(job, state, err, result, ttl, apart, keep)
  local id, key = job.id, jobKey(job.id)
  if job.gate then unpark(id, job.queue) end
  if job.asked then redis.call('DEL', questionsKey(id)) end
  if job.deadline then redis.call('ZREM', DEADLINES, id) end
  if job.partial then redis.call('DEL', partialKey(id)) end
  local fields = {'st', state}
  if job.claimed then
    fields[3], fields[4] = 'k', claimText(job)
    if keep then redis.call('HSET', CLAIMS, id, fields[4] .. ' !') else unlease(job) end
  end
  countOut(job)
  local statusTtl, resultTtl = ttl.status, apart and ttl.result or 0
  if state == 'dead' then
    -- Dead letters stay longer, for inspection and replay.
    statusTtl, resultTtl = math.max(statusTtl, ttl.dead), math.max(resultTtl, ttl.dead)
    addToIndex(tag .. ':dead', {id}, ttl.dead + 3600000)
  else
    -- Only a dead job can be replayed and needs its params. The last progress message stays, for
    -- clients that read the job only when it has ended.
    fields[#fields + 1] = 'p'
    fields[#fields + 1] = ''
  end
  if job.announced then
    if apart and apart.large then
      redis.call('HSET', key, 'at', whole(now - job.created + resultTtl))
    else
      resultTtl = math.max(resultTtl, job.created + tonumber(job.announced) - now)
    end
  end
  statusTtl = math.max(statusTtl, resultTtl)
  local life = whole(statusTtl)
  if result then
    fields[#fields + 1] = 'r'
    fields[#fields + 1] = result
  end
  if err ~= '' then
    fields[#fields + 1] = 'er'
    fields[#fields + 1] = err
  end
  redis.call('HSET', key, 'e', stamp .. ' ' .. whole(now + statusTtl), unpack(fields))
  redis.call('PEXPIRE', key, life)
  if job.key then redis.call('PEXPIRE', tag .. ':u:' .. job.key, life) end
  if apart then
    if apart.staged then
      redis.call('RENAME', apart.staged, resultKey(id))
    else
      redis.call('HSET', resultKey(id), unpack(apart.fields))
    end
    redis.call('PEXPIRE', resultKey(id), whole(resultTtl))
  end
  announceEnd(id, job.watchers, not keep and result)
  if job.notify and notifyEnd then
    notifyEnd(id, job.owner, 'job', state, job.notify, stamp, statusTtl)
  end
  if job.flow and flowEnded then flowEnded(job, state, result) end
end

local DEADLINE_EXCEEDED = '{"code":"DEADLINE_EXCEEDED","type":"deadline","message":'
  .. '"The deadline that was given with the call is over.","remediation":'
  .. '"Call the tool again, with a later deadline or without one."}'

-- Ends a job whose deadline has passed, in any state. The tool of a running job is stopped; its
-- worker may still store a partial result, and lease and slot stay until the tool has stopped.
-- inLine: true if the entry of a waiting job is still in a list.
local function exceedDeadline(job, ttl, inLine)
  local running = job.state == 'running' or job.state == 'input_required'
  local offered = job.offered
  if inLine then leaveTombstone(job) end
  redis.call('ZREM', SCHEDULED, job.id)
  redis.call('HSET', jobKey(job.id), 'de', '2')
  finish(job, 'failed', DEADLINE_EXCEEDED, FAILED, ttl, nil, running)
  if running or offered then redis.call('PUBLISH', CANCELS, job.id) end
end
