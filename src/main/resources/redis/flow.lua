-- Batches and chains. Put between notify.lua and the scripts in which a job can end or start.
-- The hash …:b:ID of a flow has a mark per child that ended (m:INDEX, one of c completed, f failed,
-- x cancelled); the counters c, f and x follow accepted marks only; e:N is the child that ended as
-- the N-th. …:flows holds the flows that
-- upkeep must look at, by time: unsealed ones, and those that are half started or half stopped.
local FLOWS = tag .. ':flows'
local function flowKey(id) return tag .. ':b:' .. id end
local childId, loadFlow, startJobs, settle, sweep, stop

-- Most calls of a worker meet no flow: making the functions would cost them more than a command.
local function useFlows()
  local CALLBACKS = {['then'] = -1, catch = -2, finally = -3}

  -- The id of a child follows from the flow and the index, as in FlowRef.java.
  function childId(flow, index) return derivedId(flow, flow .. ':' .. index) end

  function loadFlow(id)
    local v = redis.call('HMGET', flowKey(id), 'st', 'k', 'n', 's', 'mx', 'c', 'f', 'x', 'af', 'wy',
      'cu', 'sc', 'fi', 'oi', 'it', 'tt', 'tr', 'ex', 'w', 'u', 'nt')
    if not v[1] then return nil end
    return {id = id, key = flowKey(id), state = v[1], kind = v[2], total = tonumber(v[3]),
      staged = tonumber(v[4]), top = tonumber(v[5]), c = tonumber(v[6]), f = tonumber(v[7]),
      x = tonumber(v[8]), allow = v[9] == '1', why = v[10], started = tonumber(v[11]),
      swept = tonumber(v[12] or 0), finished = v[13], owner = v[14], indexTtl = tonumber(v[15]),
      ttl = {status = tonumber(v[16]), result = tonumber(v[17])}, expires = tonumber(v[18] or 0),
      watchers = v[19], named = v[20], notify = v[21]}
  end

  -- A second more than its jobs: Redis counts theirs from a little later than when a script began.
  local function keep(flow, expires)
    redis.call('PEXPIRE', flow.key, whole(expires - now + 1000))
    if flow.named then
      redis.call('PEXPIRE', tag .. ':u:' .. flow.named, whole(expires - now + 1000))
    end
  end

  -- Starts held jobs of a flow; from now on its owner finds them in listings.
  function startJobs(flow, ids)
    local started = {}
    for _, id in ipairs(ids) do
      if release(id) then started[#started + 1] = id end
    end
    if #started > 0 then addToIndex(tag .. ':o:' .. flow.owner, started, flow.indexTtl) end
  end

  -- Counts a child that ended, once; returns whether it was not counted before. The order is kept,
  -- so that whoever reads results as they come reads each of them once.
  local function count(flow, index, mark)
    if redis.call('HSETNX', flow.key, 'm:' .. index, mark) == 0 then return false end
    flow[mark] = redis.call('HINCRBY', flow.key, mark, 1)
    local order = redis.call('HINCRBY', flow.key, 'en', 1) - 1
    redis.call('HSET', flow.key, 'e:' .. whole(order), whole(index))
    announce(flow.id, flow.watchers)
    return true
  end

  local function callBackOne(flow, name, id, run)
    local job = redis.call('HMGET', jobKey(id), 'st', 'rf')
    if job[1] == 'held' and run then
      -- The flow is known for as long as its callback may ask for it.
      flow.expires = math.max(flow.expires, now + tonumber(job[2]) + flow.ttl.status)
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

  -- Starts the callbacks of a kind in the very script that is their occasion, so that no crash comes
  -- between; or takes them away if they will never run. The first is called as its kind is, the
  -- second then:1, and so on.
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

  -- Ends a flow once all children have ended. swept: they have, whatever was counted.
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
    callBack(flow, 'finally', flow.total) -- what was never sealed was never promised
    local expires = math.max(flow.expires, now + flow.ttl.status)
    redis.call('HSET', flow.key, 'st', state, 'fi', stamp, 'up', stamp, 'ex', whole(expires))
    keep(flow, expires)
    redis.call('ZREM', FLOWS, id)
    announce(id, flow.watchers)
    if flow.notify and flow.total then
      notifyEnd(id, flow.kind, state, flow.notify, stamp, expires - now)
    end
  end

  -- Cancels the next children of a flow that was stopped. One stopped by a child of its own (why is
  -- 'child') lets those go on that run; their next attempt does not start any more.
  -- Returns 1 if some are left for later else 0.
  function sweep(id, limit)
    local flow = loadFlow(id)
    local to = math.min(flow.swept + limit, flow.top)
    for index = flow.swept, to - 1 do
      local child = load(childId(id, index))
      if child and not TERMINAL[child.state] then
        local running = child.state == 'running' or child.state == 'input_required'
        local offered = child.state == 'queued' and redis.call('ZSCORE', LEASES, child.id)
        if flow.why ~= 'child' or not (running or offered) then
          leaveTombstone(child)
          redis.call('ZREM', SCHEDULED, child.id)
          finish(child, 'cancelled', '', {'k', 'c'}, flow.ttl, false, running)
          if running or offered then redis.call('PUBLISH', CANCELS, child.id) end
        end
      elseif not child and flow.total then
        count(flow, index, 'x') -- its data is gone: nothing else will count it
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

  -- Whether a job that is being claimed, or would be tried again, belongs to a flow that was stopped;
  -- then it is cancelled.
  function flowStops(id, flow, index)
    if tonumber(index) < 0 or not redis.call('HGET', flowKey(flow), 'wy') then return false end
    finish(load(id), 'cancelled', '', {'k', 'c'}, loadFlow(flow).ttl, false)
    return true
  end

  -- finish() calls it for each child and callback.
  function flowEnded(job, state)
    local flow, index = loadFlow(job.flow), tonumber(job.index)
    if not flow then return end
    if state == 'dead' or job.announced or index < 0 then
      -- A flow is known for as long as its children are.
      local expires = tonumber(redis.call('HGET', jobKey(job.id), 'ex'))
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
    elseif state == 'completed' and redis.call('HGET', resultKey(job.id), 'i') ~= '1' then
      mark = 'c' -- a result that says isError is a failure to whoever builds on it
    end
    if not count(flow, index, mark) then return end
    if flow.state == 'staging' then return end
    if mark == 'f' and flow.f == 1 and flow.state ~= 'cancelled' then callBack(flow, 'catch', true) end
    if not flow.why then
      local chain = flow.kind == 'chain'
      if chain and mark == 'c' then
        if index + 1 < flow.total then startJobs(flow, {childId(flow.id, index + 1)}) end
      elseif chain or (mark == 'f' and not flow.allow) then
        stop(flow.id, 'child', 100) -- whoever completed this child pays for few; upkeep does the rest
      end
    end
    if flow.total and flow.c + flow.f + flow.x >= flow.total then settle(flow.id) end
  end
end

flowEnded = function(job, state)
  useFlows() -- puts the real one in place
  flowEnded(job, state)
end

flowStops = function(id, flow, index)
  useFlows()
  return flowStops(id, flow, index)
end
