-- What a look at a job shows, put behind common.lua in the scripts that show one. VIEW, the names of its
-- fields, is put before by Script.java.
-- Returns the values in the order of VIEW, false for each that is not there. Never HGETALL: the params
-- of a job can be megabytes, which nobody asked for here.
-- Why a job waits is looked up now: a breaker may have opened again since it was sent to its line, and
-- a queue may have been paused since the job was put in it.
local AT = {}
for i, name in ipairs(VIEW) do AT[name] = i end

local function viewOf(id)
  local shown = redis.call('HMGET', jobKey(id), unpack(VIEW))
  if shown[AT.st] ~= 'queued' then return shown end
  if shown[AT.wr] == 'BREAKER' then
    shown[AT.wu] = redis.call('HGET', gateKey('t:' .. shown[AT.t], 'o'), 'until') or ''
  elseif not shown[AT.wr] and redis.call('HGET', QUEUES, shown[AT.q]) == 'paused' then
    shown[AT.wr], shown[AT.wu] = 'PAUSED', ''
  end
  return shown
end
