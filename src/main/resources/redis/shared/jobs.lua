-- A job as it is stored: its constants, its claim, and who is told of changes.

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
