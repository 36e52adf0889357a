-- The end of a job.

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
