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
