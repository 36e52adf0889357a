-- Definitions that most scripts use. A script has those of the files in this folder that it uses
-- (ScriptText.java), so a definition begins in the first column. KEYS[1] is the shard's tag, such as
-- {lh:default:0}. All other keys are built from it, so all keys of a script are in one slot.
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
