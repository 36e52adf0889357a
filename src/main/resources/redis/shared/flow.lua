-- Batches and chains. For the scripts in which a job can end or start, after notify.lua.
-- The hash …:b:ID of a flow has a mark for each child that has ended (m:INDEX: c completed, f
-- failed, x cancelled); the counters c, f and x, increased once per mark; and e:N, the index of the
-- child that ended as the N-th. The sorted set …:flows has the flows that upkeep must examine, by
-- time: those that are not sealed yet, and those of which not all children are started or cancelled
-- yet.
local FLOWS = tag .. ':flows'
local function flowKey(id) return tag .. ':b:' .. id end
local childId, loadFlow, startJobs, settle, sweep, stop

-- Defines the functions. Most calls of a worker need none of them, and to define them takes longer
-- than a command of Redis.
local function useFlows()
  local CALLBACKS = {['then'] = -1, catch = -2, finally = -3}

  -- Derives the id of a child from its flow and index, as FlowRef.java does.
  function childId(flow, index) return derivedId(flow, flow .. ':' .. index) end

  function loadFlow(id)
    local v = redis.call('HMGET', flowKey(id), 'st', 'k', 'n', 's', 'mx', 'c', 'f', 'x', 'af', 'wy',
      'cu', 'sc', 'fi', 'oi', 'it', 'tt', 'ex', 'w', 'u', 'nt')
    if not v[1] then return nil end
    return {id = id, key = flowKey(id), state = v[1], kind = v[2], total = tonumber(v[3]),
      staged = tonumber(v[4]), top = tonumber(v[5]), c = tonumber(v[6]), f = tonumber(v[7]),
      x = tonumber(v[8]), allow = v[9] == '1', why = v[10], started = tonumber(v[11]),
      swept = tonumber(v[12] or 0), finished = v[13], owner = v[14], indexTtl = tonumber(v[15]),
      ttl = {status = tonumber(v[16])}, expires = tonumber(v[17] or 0),
      watchers = v[18], named = v[19], notify = v[20]}
  end

  -- Sets the TTL of a flow, with a second more than that of its jobs: Redis starts their TTLs later
  -- than the time at which this script began.
  local function keep(flow, expires)
    redis.call('PEXPIRE', flow.key, whole(expires - now + 1000))
    if flow.named then
      redis.call('PEXPIRE', tag .. ':u:' .. flow.named, whole(expires - now + 1000))
    end
  end

  -- Starts held jobs of a flow and adds them to its owner's listing.
  function startJobs(flow, ids)
    local started = {}
    for _, id in ipairs(ids) do
      if release(id) then started[#started + 1] = id end
    end
    if #started > 0 then addToIndex(tag .. ':o:' .. flow.owner, started, flow.indexTtl) end
  end

  -- Counts a child that has ended; returns false if it was counted before. The order of ends is
  -- stored, so that a client can read results as they come and each of them once.
  local function count(flow, index, mark)
    if redis.call('HSETNX', flow.key, 'm:' .. index, mark) == 0 then return false end
    flow[mark] = redis.call('HINCRBY', flow.key, mark, 1)
    local order = redis.call('HINCRBY', flow.key, 'en', 1) - 1
    redis.call('HSET', flow.key, 'e:' .. whole(order), whole(index))
    announce(flow.id, flow.watchers)
    return true
  end

  local function callBackOne(flow, name, id, run)
    local job = redis.call('HMGET', jobKey(id), 'st', 'c')
    if job[1] == 'held' and run then
      -- The flow must exist for as long as its callback may read it.
      local _, retryFor = timesIn(job[2])
      flow.expires = math.max(flow.expires, now + retryFor + flow.ttl.status)
      redis.call('HSET', flow.key, name, 'started', 'ex', whole(flow.expires))
      startJobs(flow, {id})
      return
    end
    if job[1] == 'held' then
      countOut(load(id))
      redis.call('DEL', jobKey(id))
    end
    redis.call('HDEL', flow.key, name)
  end

  -- Starts the callbacks of a kind, or deletes them if they will never run. This happens in the
  -- same script as the event that they wait for, so that no crash can come between. The first
  -- callback of kind then is in the field then, the second in then:1, and so on.
  local function callBack(flow, kind, run)
    local n, name = 0, kind
    while true do
      local stored = redis.call('HGET', flow.key, name)
      if not stored then return end
      if stored == 'held' then
        callBackOne(flow, name, childId(flow.id, CALLBACKS[kind] - 3 * n), run)
      end
      n = n + 1
      name = kind .. ':' .. n
    end
  end

  -- Ends a flow if all its children have ended. swept: true if that is known without the counters.
  function settle(id, swept)
    local flow = loadFlow(id)
    if not flow or flow.finished then return end
    if not swept and (not flow.total or flow.c + flow.f + flow.x < flow.total) then return end
    local state = 'completed'
    if flow.state == 'cancelled' then
      state = 'cancelled'
    elseif not flow.allow and flow.f > 0 then
      state = 'failed'
    elseif not flow.allow and flow.x > 0 then
      state = 'cancelled'
    end
    callBack(flow, 'then', state == 'completed')
    callBack(flow, 'catch', false)
    callBack(flow, 'finally', flow.total) -- not for a flow that was never sealed
    local expires = math.max(flow.expires, now + flow.ttl.status)
    redis.call('HSET', flow.key, 'st', state, 'fi', stamp, 'up', stamp, 'ex', whole(expires))
    keep(flow, expires)
    redis.call('ZREM', FLOWS, id)
    announce(id, flow.watchers)
    if flow.notify and flow.total then
      notifyEnd(id, flow.owner, flow.kind, state, flow.notify, stamp, expires - now)
    end
  end

  -- Cancels the next children of a stopped flow. If it was stopped because a child failed (why is
  -- 'child'), running children continue, but they get no further attempt.
  -- Returns 1 if some are left for later else 0.
  function sweep(id, limit)
    local flow = loadFlow(id)
    local to = math.min(flow.swept + limit, flow.top)
    for index = flow.swept, to - 1 do
      local child = load(childId(id, index))
      if child and not TERMINAL[child.state] then
        local running = child.state == 'running' or child.state == 'input_required'
        local offered = child.offered
        if flow.why ~= 'child' or not (running or offered) then
          leaveTombstone(child)
          redis.call('ZREM', SCHEDULED, child.id)
          finish(child, 'cancelled', '', CANCELLED, flow.ttl, nil, running)
          if running or offered then redis.call('PUBLISH', CANCELS, child.id) end
        end
      elseif not child and flow.total then
        count(flow, index, 'x') -- its data has expired, so nothing else will count it
      end
    end
    redis.call('HSET', flow.key, 'sc', whole(to), 'up', stamp)
    local left = to < flow.top and not redis.call('HGET', flow.key, 'fi')
    if left then
      redis.call('ZADD', FLOWS, stamp, id)
      return 1
    end
    redis.call('ZREM', FLOWS, id)
    settle(id, flow.why ~= 'child')
    return 0
  end

  function stop(id, why, limit)
    redis.call('HSET', flowKey(id), 'wy', why, 'sc', '0', 'up', stamp)
    if why ~= 'child' then redis.call('HSET', flowKey(id), 'st', 'cancelled') end
    announce(id, redis.call('HGET', flowKey(id), 'w'))
    return sweep(id, limit)
  end

  -- Cancels a job that would start or be tried again if its flow was stopped. Returns whether it
  -- was.
  function flowStops(id, flow, index)
    if tonumber(index) < 0 or not redis.call('HGET', flowKey(flow), 'wy') then return false end
    finish(load(id), 'cancelled', '', CANCELLED, loadFlow(flow).ttl)
    return true
  end

  -- Whether the result of a completed job says isError. result: the text of a small one, or nil.
  local function isError(id, result)
    if result then return string.sub(result, 1, 2) == 'a1' end
    return redis.call('HGET', resultKey(id), 'i') == '1'
  end

  -- Updates a flow after the end of a child or callback. Called by finish().
  function flowEnded(job, state, result)
    local flow, index = loadFlow(job.flow), tonumber(job.index)
    if not flow then return end
    if state == 'dead' or job.announced or index < 0 then
      -- A flow must exist for as long as its children.
      local expires = tonumber(string.match(redis.call('HGET', jobKey(job.id), 'e'), '%d+ (%d+)'))
      if expires > flow.expires then
        flow.expires = expires
        redis.call('HSET', flow.key, 'ex', whole(expires))
        if flow.finished then keep(flow, expires) end
      end
    end
    if index < 0 then return end
    local mark = 'f'
    if state == 'cancelled' then
      mark = 'x'
    elseif state == 'completed' and not isError(job.id, result) then
      mark = 'c' -- a result with isError counts as a failure of the child
    end
    if not count(flow, index, mark) then return end
    if flow.state == 'staging' then return end
    if mark == 'f' and flow.f == 1 and flow.state ~= 'cancelled' then callBack(flow, 'catch', true) end
    if not flow.why then
      local chain = flow.kind == 'chain'
      if chain and mark == 'c' then
        if index + 1 < flow.total then startJobs(flow, {childId(flow.id, index + 1)}) end
      elseif chain or (mark == 'f' and not flow.allow) then
        stop(flow.id, 'child', 100) -- only a few in this script; upkeep does the rest
      end
    end
    if flow.total and flow.c + flow.f + flow.x >= flow.total then settle(flow.id) end
  end
end

flowEnded = function(job, state, result)
  useFlows() -- replaces this function
  flowEnded(job, state, result)
end

flowStops = function(id, flow, index)
  useFlows()
  return flowStops(id, flow, index)
end
