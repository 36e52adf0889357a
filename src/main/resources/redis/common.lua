-- Put in front of every script. KEYS[1] is always the shard's tag, such as {lh:default:0}; every
-- other key is built from it here, so all keys of a script lie in one slot.
-- Times are Redis' own, in milliseconds; client clocks are never trusted.
local tag = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function jobKey(id) return tag .. ':j:' .. id end
local function resultKey(id) return tag .. ':r:' .. id end
local function bandKey(queue, band) return tag .. ':q:' .. queue .. ':' .. band end
local function wakeKey(queue) return tag .. ':q:' .. queue .. ':w' end
local LEASES = tag .. ':l'
local SCHEDULED = tag .. ':z'
local CANCELS = tag .. ':cx'
local TERMINAL = {completed = true, failed = true, cancelled = true, dead = true}

-- Leaves a wake token unless there is one: workers block on it, never on a job list, so that a
-- lost reply loses a token and not a job.
local function wake(queue)
  if redis.call('EXISTS', wakeKey(queue)) == 0 then
    redis.call('LPUSH', wakeKey(queue), '1')
  end
end

-- Tells the processes that watch a job. A hint to read again, never the truth.
local function announce(id, watchers)
  if watchers then
    for channel in string.gmatch(watchers, '%S+') do
      redis.call('PUBLISH', channel, id)
    end
  end
end

-- Puts a job back at the head of its line, as a job that has waited longest.
local function toHead(id, queue, band)
  redis.call('HSET', jobKey(id), 'st', 'queued', 'n', '', 'qa', now, 'up', now)
  redis.call('RPUSH', bandKey(queue, band), id)
  wake(queue)
end

-- Ends a job: state and result in one go, each with its time to live. fields is a flat list for the
-- result hash. An announced time to live is kept, except that a large result may shorten it.
local function finish(id, state, err, fields, statusTtl, resultTtl, large, created, announced)
  local job = jobKey(id)
  redis.call('HSET', job, 'st', state, 'fi', now, 'up', now)
  if err ~= '' then
    redis.call('HSET', job, 'er', err)
  end
  if state == 'completed' then
    redis.call('HDEL', job, 'p', 'ms')
  end
  redis.call('ZREM', LEASES, id)
  if announced then
    if large == '1' then
      redis.call('HSET', job, 'at', now - tonumber(created) + resultTtl)
    else
      resultTtl = math.max(resultTtl, tonumber(created) + tonumber(announced) - now)
    end
  end
  statusTtl = math.max(statusTtl, resultTtl)
  redis.call('HSET', job, 'ex', now + statusTtl)
  redis.call('PEXPIRE', job, statusTtl)
  redis.call('DEL', resultKey(id))
  redis.call('HSET', resultKey(id), unpack(fields))
  redis.call('PEXPIRE', resultKey(id), resultTtl)
end
