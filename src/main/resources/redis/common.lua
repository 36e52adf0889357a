-- Common definitions. A script of the queue has those of them that it uses (ScriptText.java), so a
-- definition begins in the first column. KEYS[1] is the shard's tag, such as {lh:default:0}. All
-- other keys are built from it, so all keys of a script are in one slot.
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

-- Lines: where jobs wait, of a queue and of a gate, each with four bands. Only this part knows how
-- lines are stored. constants: the field c of a job, which has its owner.
--
-- Within a line the owners of jobs take turns. A line is named by its key after the tag, such as
-- q:default:2 or g:t:slow:2. Its key is the ring: a list with each owner who has jobs in the line
-- once, the next one at its right end. The jobs of an owner are in the list i:OWNER:LINE, the next one
-- at its right end. An owner who could not use up his turn is in the ring as ' N OWNER': N jobs of
-- the turn are left.

-- Hash of counts. LINE: entries of a line; of a queue's line with those that gates released, and
-- always with tombstones. x:QUEUE:BAND: tombstones in it. p:QUEUE: jobs at gates.
local LINES = tag .. ':lines'

-- The list of an owner's jobs in a line. The owner comes first: his name has no colon, that of a queue
-- may have any.
local function jobsOf(ring, owner) return tag .. ':i:' .. owner .. string.sub(ring, #tag + 1) end

local function queueLine(queue, band) return 'q:' .. queue .. ':' .. band end
local function gateLine(gate, band) return 'g:' .. gate .. ':' .. band end
-- List of the jobs that a gate released, as 'id gate'. They are claimed before those of the ring,
-- in their order.
local function frontKey(queue, band) return tag .. ':q:' .. queue .. ':g' .. band end

-- Returns the owner under whose name a job waits: its own, or one of those in FixedFields.java.
local function lineOf(constants)
  local owner, line = string.match(constants, '^%S+ %S+ %S+ %S+ (%S+) (%S+)')
  return line == '-' and owner or line
end

local function addCount(field, more)
  if redis.call('HINCRBY', LINES, field, more) == 0 then redis.call('HDEL', LINES, field) end
end

-- Hash of the jobs in a turn of each owner for whom it is not 1 (Turns.java).
local WEIGHTS = tag .. ':weights'
local weights = {} -- what was read of it

local function weightOf(owner)
  if not weights[owner] then weights[owner] = tonumber(redis.call('HGET', WEIGHTS, owner) or 1) end
  return weights[owner]
end

-- Reads the weights of owners, which may be many.
local function readWeights(owners)
  local known = redis.call('HMGET', WEIGHTS, unpack(owners))
  for i, owner in ipairs(owners) do weights[owner] = tonumber(known[i] or 1) end
end

-- Returns the owner of an entry of a ring, and if his turn was cut short how many jobs of it are left.
local function ownerOf(entry)
  if string.byte(entry) ~= 32 then return entry end
  local left, owner = string.match(entry, '^ (%d+) (.*)$')
  return owner, tonumber(left)
end

-- Adds jobs of an owner to a line, at its end (LPUSH) or at its head (RPUSH). Returns whether he had
-- none in it.
local function push(command, line, owner, ids)
  local key = jobsOf(tag .. ':' .. line, owner)
  local length
  for from = 1, #ids, 500 do
    length = redis.call(command, key, unpack(ids, from, math.min(from + 499, #ids)))
  end
  return length == #ids
end

-- Collects a job to be added at the end of its line, so that jobs of the same line are added
-- together. lines: a table, empty at first. owner: as lineOf returns it.
local function collectFor(lines, line, owner, id)
  local its = lines[line]
  if not its then
    its = {count = 0, owners = {}, ids = {}}
    lines[line] = its
  end
  local ids = its.ids[owner]
  if not ids then
    ids = {}
    its.ids[owner] = ids
    its.owners[#its.owners + 1] = owner
  end
  ids[#ids + 1] = id
  its.count = its.count + 1
end

-- The same for a line of a queue.
local function collectForLine(lines, queue, band, owner, id)
  collectFor(lines, queueLine(queue, band), owner, id)
end

local function addToLines(lines)
  for line, its in pairs(lines) do
    local first = {}
    for _, owner in ipairs(its.owners) do
      if push('LPUSH', line, owner, its.ids[owner]) then first[#first + 1] = owner end
    end
    for from = 1, #first, 500 do
      redis.call('LPUSH', tag .. ':' .. line, unpack(first, from, math.min(from + 499, #first)))
    end
    redis.call('HINCRBY', LINES, line, its.count)
  end
end

local function addOne(command, line, constants, id)
  local owner = lineOf(constants)
  if push(command, line, owner, {id}) then redis.call(command, tag .. ':' .. line, owner) end
  redis.call('HINCRBY', LINES, line, 1)
end

-- Adds a job at the end of its owner's jobs in a line.
local function addToLine(queue, band, constants, id)
  addOne('LPUSH', queueLine(queue, band), constants, id)
end

local function addToFront(command, queue, band, id, gate)
  redis.call(command, frontKey(queue, band), id .. ' ' .. gate)
  redis.call('HINCRBY', LINES, queueLine(queue, band), 1)
end

-- Adds a job before all others of its owner in a line; if there are none, its owner is the next.
-- gate: the gate that counts as having released it, if any; then it comes before all owners.
local function addAtHead(queue, band, constants, id, gate)
  if gate then
    addToFront('RPUSH', queue, band, id, gate)
  else
    addOne('RPUSH', queueLine(queue, band), constants, id)
  end
end

-- Adds a job that a gate has released: before the ring of its band, after those released earlier.
local function addReleased(queue, band, id, gate) addToFront('LPUSH', queue, band, id, gate) end

-- Takes the next job that a gate released. Returns its id and gate; nothing if there is none.
local function takeReleased(queue, band)
  local first = redis.call('RPOP', frontKey(queue, band))
  if not first then return end
  redis.call('HINCRBY', LINES, queueLine(queue, band), -1)
  return string.match(first, '^(%S+) (.*)$')
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
    redis.call('HINCRBY', LINES, queueLine(queue, band), -#back)
  end
  return back
end

-- Returns those of some owners who have jobs in a line. Mostly one command is enough.
local function stillIn(ring, owners)
  if #owners == 0 then return owners end
  local keys = {}
  for i, owner in ipairs(owners) do keys[i] = jobsOf(ring, owner) end
  local exist = redis.call('EXISTS', unpack(keys))
  if exist == #owners then return owners end
  local still = {}
  if exist > 0 then
    for i, owner in ipairs(owners) do
      if redis.call('EXISTS', keys[i]) == 1 then still[#still + 1] = owner end
    end
  end
  return still
end

-- Takes the next jobs of several owners, who are in turn. all: whether no other owner waits.
-- Returns their ids in order, and of each part of them the owner and the count.
local function takeTurns(ring, entries, most, all)
  local owners, lefts, empty, total = {}, {}, {}, 0
  for i, entry in ipairs(entries) do
    local owner, left = ownerOf(entry)
    owners[i] = owner
    lefts[owner] = left
  end
  readWeights(owners)
  for _, owner in ipairs(owners) do total = total + weightOf(owner) end
  local ids, parts = {}, {}
  local served -- how many have had their turn in this round
  while #ids < most and total > 0 do
    served = 0
    -- If all who wait are known, each gets several turns at once.
    local turns = all and math.max(1, math.floor((most - #ids) / total)) or 1
    for i, owner in ipairs(owners) do
      if #ids == most then break end
      if not empty[owner] then
        local weight = weightOf(owner)
        local turn = (lefts[owner] or weight) + (turns - 1) * weight
        local want = math.min(turn, most - #ids)
        local taken = redis.call('RPOP', jobsOf(ring, owner), want) or {}
        for _, id in ipairs(taken) do ids[#ids + 1] = id end
        parts[#parts + 1] = owner
        parts[#parts + 1] = #taken
        lefts[owner] = want < turn and turn - want or nil
        if #taken < want then
          empty[owner] = true
          total = total - weight
        elseif want < turn then
          break
        end
      end
      served = i
    end
  end
  -- Those who had their turn go to the end of the ring, the others back to its head.
  local after, before = {}, {}
  for i, owner in ipairs(owners) do
    if not empty[owner] then
      if i <= served then after[#after + 1] = owner else table.insert(before, 1, owner) end
    end
  end
  after, before = stillIn(ring, after), stillIn(ring, before)
  for i, owner in ipairs(before) do
    local left = lefts[owner]
    if left and left ~= weightOf(owner) then before[i] = ' ' .. whole(left) .. ' ' .. owner end
  end
  if #after > 0 then redis.call('LPUSH', ring, unpack(after)) end
  if #before > 0 then redis.call('RPUSH', ring, unpack(before)) end
  return ids, parts
end

-- Takes the next jobs that no gate released. Returns their ids in order, and of each part of them
-- the owner and the count; false if there is none.
local function takeFromLine(queue, band, most)
  local line = queueLine(queue, band)
  local ring = tag .. ':' .. line
  local entries = redis.call('RPOP', ring, most)
  if not entries then return false end
  local ids, parts
  if entries[2] or most == 1 then
    ids, parts = takeTurns(ring, entries, most, #entries < most)
  else
    local owner = ownerOf(entries[1])
    ids = redis.call('RPOP', jobsOf(ring, owner), most) or {}
    parts = {owner, #ids}
    if #ids == most and redis.call('EXISTS', jobsOf(ring, owner)) == 1 then
      redis.call('LPUSH', ring, owner)
    end
  end
  if #ids > 0 then redis.call('HINCRBY', LINES, line, -#ids) end
  return ids, parts
end

-- Puts back what takeFromLine returned, from a place in it on.
local function putBackInLine(queue, band, ids, parts, from)
  local line = queueLine(queue, band)
  local ring = tag .. ':' .. line
  local at = #ids
  for part = #parts - 1, 1, -2 do
    for _ = 1, parts[part + 1] do
      if at >= from and redis.call('RPUSH', jobsOf(ring, parts[part]), ids[at]) == 1 then
        redis.call('RPUSH', ring, parts[part])
      end
      at = at - 1
    end
  end
  redis.call('HINCRBY', LINES, line, #ids - from + 1)
end

-- Returns the ids of the next jobs in a band of a queue: of those that a gate released, and of each
-- of the owners whose turns are next.
local function headsIn(queue, band, owners)
  local ids = {}
  local released = redis.call('LINDEX', frontKey(queue, band), -1)
  if released then ids[1] = string.match(released, '%S+') end
  local ring = tag .. ':' .. queueLine(queue, band)
  local entries = redis.call('LRANGE', ring, -owners, -1)
  for i = #entries, 1, -1 do
    ids[#ids + 1] = redis.call('LINDEX', jobsOf(ring, ownerOf(entries[i])), -1) or nil
  end
  return ids
end

-- Returns the id of the next job in a band of a queue, or nil.
local function nextIn(queue, band) return headsIn(queue, band, 1)[1] end

-- Returns the owners who have jobs in a band of a queue, the next ones last.
local function ownersIn(queue, band, most)
  local owners = {}
  for i, entry in ipairs(redis.call('LRANGE', tag .. ':' .. queueLine(queue, band), -most, -1)) do
    owners[i] = ownerOf(entry)
  end
  return owners
end

-- Returns the counts of an owner's entries in bands 0 to 3 of a queue, with tombstones, and the id of
-- one of his jobs.
local function waitingOf(queue, owner)
  local counts, job = {}, nil
  for band = 0, 3 do
    local key = jobsOf(tag .. ':' .. queueLine(queue, band), owner)
    counts[band + 1] = redis.call('LLEN', key)
    job = job or redis.call('LINDEX', key, -1) or nil
  end
  return counts, job
end

-- Counts the entries in each band of some queues, with tombstones, by one command. Returns a table
-- for each queue in their order: band to count.
local function entriesIn(queues)
  local fields = {}
  for _, queue in ipairs(queues) do
    for band = 0, 3 do fields[#fields + 1] = queueLine(queue, band) end
  end
  local counts = redis.call('HMGET', LINES, unpack(fields))
  local entries = {}
  for i = 1, #queues do
    local its = {}
    for band = 0, 3 do its[band] = tonumber(counts[i * 4 - 3 + band] or 0) end
    entries[i] = its
  end
  return entries
end

local function anyOf(entries)
  return entries[0] > 0 or entries[1] > 0 or entries[2] > 0 or entries[3] > 0
end

-- Counts the waiting jobs in each band of a queue, without tombstones and those at gates; and those
-- at gates.
local function lengthsOf(queue)
  local fields = {}
  for band = 0, 3 do
    fields[band + 1] = queueLine(queue, band)
    fields[band + 5] = 'x:' .. queue .. ':' .. band
  end
  fields[9] = 'p:' .. queue
  local counts = redis.call('HMGET', LINES, unpack(fields))
  local lengths = {}
  for band = 0, 3 do
    lengths[band] = math.max(0, (counts[band + 1] or 0) - (counts[band + 5] or 0))
  end
  return lengths, tonumber(counts[9] or 0)
end

-- Counts the entries of a queue's lines with tombstones, and its jobs at gates.
local function entriesOf(queue)
  local counts = redis.call('HMGET', LINES, queueLine(queue, 0), queueLine(queue, 1),
    queueLine(queue, 2), queueLine(queue, 3), 'p:' .. queue)
  local entries = 0
  for i = 1, 5 do entries = entries + (counts[i] or 0) end
  return entries
end

-- Whether no job waits in a queue, neither in its lines nor at a gate.
local function isIdle(queue) return entriesOf(queue) == 0 end

-- Checks whether a queue may take more jobs. Returns nil, or how many wait, if they would be more
-- than the limit; and whether none waits.
local function overLength(queue, added, limit)
  local entries = entriesOf(queue)
  if entries + added <= limit then return nil, entries == 0 end
  -- Tombstones are read only if they decide.
  local lengths, waiting = lengthsOf(queue)
  for band = 0, 3 do waiting = waiting + lengths[band] end
  return waiting + added > limit and waiting or nil, false
end

-- Adds to the count of a queue's jobs at gates.
local function countAtGates(queue, more) addCount('p:' .. queue, more) end

-- The entry of a waiting job that ends stays in its line as a tombstone. Tombstones are counted, so
-- that they do not count as waiting jobs, and so that one whose job was deleted is not reported as a
-- lost job.
local function bury(queue, band) redis.call('HINCRBY', LINES, 'x:' .. queue .. ':' .. band, 1) end

-- Counts an entry that was taken and is a tombstone. Returns false if it was not known to be one.
local function unbury(queue, band)
  local field = 'x:' .. queue .. ':' .. band
  if tonumber(redis.call('HGET', LINES, field) or 0) < 1 then return false end
  addCount(field, -1)
  return true
end

-- Adds a job to the line of a gate: after all others of its owner, or before them.
local function addToGate(gate, band, constants, id, head)
  addOne(head and 'RPUSH' or 'LPUSH', gateLine(gate, band), constants, id)
end

-- Counts the entries in a gate's line of a band, with tombstones.
local function lengthAt(gate, band)
  return tonumber(redis.call('HGET', LINES, gateLine(gate, band)) or 0)
end

-- Returns the id of the next job in a gate's line of a band, and its entry for removeNextAt; nothing
-- if there is none.
local function nextAt(gate, band)
  local ring = tag .. ':' .. gateLine(gate, band)
  local entry = redis.call('LINDEX', ring, -1)
  if entry then return redis.call('LINDEX', jobsOf(ring, ownerOf(entry)), -1) or '', entry end
end

-- Removes what nextAt returned. passes: whether it counts as a job of its owner's turn.
local function removeNextAt(gate, band, entry, passes)
  local line = gateLine(gate, band)
  local ring = tag .. ':' .. line
  local owner, left = ownerOf(entry)
  redis.call('RPOP', jobsOf(ring, owner))
  addCount(line, -1)
  if redis.call('EXISTS', jobsOf(ring, owner)) == 0 then
    redis.call('RPOP', ring)
  elseif passes then
    left = (left or weightOf(owner)) - 1
    redis.call('RPOP', ring)
    if left > 0 then
      redis.call('RPUSH', ring, ' ' .. whole(left) .. ' ' .. owner)
    else
      redis.call('LPUSH', ring, owner)
    end
  end
end

-- Returns the ids of some of the first jobs of a gate's line in a band.
local function headsAt(gate, band)
  local ring = tag .. ':' .. gateLine(gate, band)
  local entries = redis.call('LRANGE', ring, -5, -1)
  local ids = {}
  for _, entry in ipairs(entries) do
    local key = jobsOf(ring, ownerOf(entry))
    for _, id in ipairs(redis.call('LRANGE', key, -math.floor(5 / #entries), -1)) do
      ids[#ids + 1] = id
    end
  end
  return ids
end

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

-- The longest result, in bytes, that is told with a job's end.
local MOST_TOLD = 4096

-- Notifies the processes that watch a job of its end. On a channel that ends with + they are told
-- what a read gives from now on: the values of VIEW (view.lua) and the result.
-- result: the text of a small result, or false if what a read gives may still change or is larger
-- caller: the channel of a process that is told by the reply of the script, if there is one
-- Returns what the caller is to be told, if anything.
local function announceEnd(id, watchers, result, caller)
  if not watchers then return end
  local tells = result and #result <= MOST_TOLD
  local message, reply
  for channel in string.gmatch(watchers, '%S+') do
    if not tells or string.sub(channel, -1) ~= '+' then
      redis.call('PUBLISH', channel, id)
    else
      message = message
        or id .. ' ' .. cjson.encode({redis.call('HMGET', jobKey(id), unpack(VIEW)), result})
      if channel == caller then
        reply = message
      else
        redis.call('PUBLISH', channel, message)
      end
    end
  end
  return reply
end

-- The constants of a job, its field c, with blanks between: time of creation, ms for attempts, 1 if
-- repeatable else 0, bytes that count, owner's index name, line, queue, band, tool or -, and what
-- only the Java side reads (FixedFields.java). Scripts get them without the time of creation, and put
-- that before it.

-- Returns the time of creation in ms and the ms for attempts.
local function timesIn(constants) return string.match(constants, '^(%d+) (%d+)') end

-- Blanks in the name of a queue are stored as this character.
local BLANK = '\31'
local function queueNamed(stored)
  return (string.find(stored, BLANK, 1, true) and string.gsub(stored, BLANK, ' ') or stored)
end

-- Returns the queue and band of a job, its tool or -.
local function placeIn(constants)
  local queue, band, tool = string.match(constants, '^%S+ %S+ %S+ %S+ %S+ %S+ (%S+) (%S+) (%S+)')
  return queueNamed(queue), band, tool
end

-- Returns the bytes that a new job counts and its owner's index name, from its constants without the
-- time of creation.
local function useIn(constants) return string.match(constants, '^%S+ %S+ (%S+) (%S+)') end

-- Returns a job's owner.
local function ownerIn(constants)
  local index, owner = string.match(constants,
    '^%S+ %S+ %S+ %S+ (%S+) %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (.*)$')
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
-- the job can end without a look at it (step.lua), and then with ' w' if it is watched; with ' !' if
-- it has ended and its tool has not stopped yet. A field k ends with ' b' if its holder gave the job
-- back or asked for another attempt, with ' r' if the lease had expired, with ' p' once the partial
-- result of a stopped tool is there. A job that runs is stored in state queued, so that a claim
-- changes nothing but CLAIMS.
local function isToken(token, claim) return claim and string.find(claim, token, 1, true) == 1 end

-- Whether a claim is only offered: its holder has not started the job.
local function isOffer(entry) return string.find(entry, '^%S+ %S+ %S+ %-') end

-- Whether the job of an entry has ended and its tool has not stopped yet.
local function isStopping(entry) return string.find(entry, ' !', 1, true) end

-- Whether an entry is that of a job that runs, with this token.
local function runs(entry, token)
  return isToken(token, entry) and not isOffer(entry) and not isStopping(entry)
end

-- Returns the entry of a new claim. For a repeatable job it is the start. A tool that must not be
-- repeated waits for start.lua, because a reply that is lost must not use up its only attempt.
-- claim: 'NONCE FENCE ATTEMPT'. plain: whether the job can end without a look at it.
-- Also returns whether it is the start.
local function newEntry(claim, constants, plain, watchers)
  local repeatable, size, owner = string.match(constants, '^%S+ %S+ (%S+) (%S+) (%S+)')
  local starts = repeatable == '1'
  local entry = claim .. (starts and ' ' .. stamp or ' -')
  if plain then entry = entry .. ' +' .. size .. ' ' .. owner .. (watchers and ' w' or '') end
  return entry, starts
end

local function claimText(job, mark)
  return job.nonce .. ' ' .. job.fence .. ' ' .. whole(job.attempts) .. ' ' .. job.started
    .. (mark or '')
end

-- To be called when a leased job gets its first watcher, who must be told of its end.
local function watched(id)
  local entry = redis.call('HGET', CLAIMS, id)
  if entry and string.find(entry, ' %+%d+ %S+$') then
    redis.call('HSET', CLAIMS, id, entry .. ' w')
  end
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
  return entry and not isOffer(entry) and 'running' or stored
end

-- Reads the fields of a job that a script needs to change its state, together with its claim; nil if
-- the job is unknown. claimed: whether it is leased. offered: whether its claim was not started.
-- attempts: how many were started. last: the mark of its last claim.
local function load(id)
  local v = redis.call('HMGET', jobKey(id), 'st', 'c', 'k', 'w', 'at', 'cl', 'u', 'fl', 'fx', 'wg',
    'gp', 'qn', 'nt', 'de', 'pp', 'cc')
  if not v[1] or not v[2] then return nil end
  local created, retryFor, repeatable, size, owner, queue, band, tool =
    string.match(v[2], '^(%S+) (%S+) (%S+) (%S+) (%S+) %S+ (%S+) (%S+) (%S+)')
  local entry = redis.call('HGET', CLAIMS, id)
  local nonce, fence, attempt, started, last =
    string.match(entry or v[3] or '- 0 0 -', '^(%S+) (%S+) (%S+) (%S+) ?(.*)$')
  local job = {id = id, state = v[1], constants = v[2], watchers = v[4], announced = v[5],
    slots = v[6], key = v[7], flow = v[8], index = v[9], gate = v[10], probe = v[11], asked = v[12],
    notify = v[13], deadline = v[14] == '1', overdue = v[14] == '2', partial = v[15],
    callerGate = v[16] and 'c:' .. owner, created = tonumber(created), retryFor = tonumber(retryFor),
    repeatable = repeatable == '1', size = tonumber(size), owner = owner,
    queue = queueNamed(queue), band = band, tool = tool, nonce = nonce, fence = fence, attempt = tonumber(attempt), started = started,
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

-- Returns nil if a gate has a free slot and a token, else what it lacks: 'SLOT', or 'TOKEN', the ms
-- until there is one and the interval. slots: how many it has, false for no limit. rate: the spec of
-- its bucket, false for none.
local function lacks(gate, slots, rate)
  if slots and redis.call('SCARD', gateKey(gate, 's')) >= tonumber(slots) then return 'SLOT' end
  if rate then
    local wait, interval = untilToken(gate, rate)
    if wait > 0 then return 'TOKEN', wait, interval end
  end
end

-- Takes a slot and a token of a gate that lacks none.
local function enter(gate, slots, rate, id)
  if rate then takeToken(gate, rate) end
  if slots then redis.call('SADD', gateKey(gate, 's'), id) end
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
  countAtGates(queue, 1)
  tellFlow(id, 1, gate, reason, expected)
  redis.call('SADD', GATES, gate)
  if untilTime then redis.call('ZADD', OPENINGS, 'LT', untilTime, gate) end
end

-- Removes a job from its gate; its entry in the gate's list stays as a tombstone.
local function unpark(id, queue)
  tellFlow(id, -1)
  redis.call('HDEL', jobKey(id), 'wg', 'wr', 'wu')
  countAtGates(queue, -1)
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
      local id, entry = nextAt(gate, band)
      if not id then break end
      looked = looked + 1
      if #gone >= most or looked > 500 then return breaker ~= 0 and now or nil end
      local job = redis.call('HMGET', jobKey(id), 'st', 'c', 'cl', 'rl', 'rc', 'wg', 'w', 'cc')
      local passes = job[1] == 'queued' and job[6] == gate
      if passes then
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
        gone[#gone + 1] = {id = id, queue = queue, band = itsBand, watchers = job[7]}
      end
      -- Also the entry of a job that was cancelled or deleted meanwhile.
      removeNextAt(gate, band, entry, passes)
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
    addReleased(job.queue, job.band, job.id, gate)
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
-- caller, and what it returns: as for announceEnd.
local function finish(job, state, err, result, ttl, apart, keep, caller)
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
  local told = announceEnd(id, job.watchers, not keep and result, caller)
  if job.notify and notifyEnd then
    notifyEnd(id, job.owner, 'job', state, job.notify, stamp, statusTtl)
  end
  if job.flow and flowEnded then flowEnded(job, state, result) end
  return told
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
