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
