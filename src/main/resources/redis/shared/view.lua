-- Reads the view of a job that clients get, for the scripts that return it.
-- Returns the values in the order of VIEW, false for a missing one. HGETALL would also read the
-- params, which can be megabytes.
-- The reason for a wait is looked up now: since the job was queued, a breaker may have opened again
-- or its queue may have been paused.
local AT = {}
for i, name in ipairs(VIEW) do AT[name] = i end

local function viewOf(id)
  local shown = redis.call('HMGET', jobKey(id), unpack(VIEW))
  local state = shown[AT.st]
  if state ~= 'queued' and state ~= 'input_required' then return shown end
  local entry = redis.call('HGET', CLAIMS, id)
  if entry then
    -- A claim that was not started does not count yet.
    if not isOffer(entry) then
      shown[AT.k] = entry
      if state == 'queued' then shown[AT.st] = 'running' end
    end
    return shown
  end
  if shown[AT.wr] == 'BREAKER' then
    local _, _, tool = placeIn(shown[AT.c])
    shown[AT.wu] = redis.call('HGET', gateKey('t:' .. tool, 'o'), 'until') or ''
  elseif not shown[AT.wr] and redis.call('HGET', QUEUES, (placeIn(shown[AT.c]))) == 'paused' then
    shown[AT.wr], shown[AT.wu] = 'PAUSED', ''
  end
  return shown
end
