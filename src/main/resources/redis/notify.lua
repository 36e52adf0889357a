-- Notifications. Put between common.lua and flow.lua in the scripts in which a job can end. What is to
-- be told, and to whom, is in the field nt of a job or flow (NotificationFields.java).
local digits

-- An id that follows from another one and a text: it lies in the same shard, and nobody can guess it
-- who does not know that one. As in FlowRef.java.
local function derivedId(from, text)
  if not digits then
    digits = {}
    for char in string.gmatch('0123456789abcdefghjkmnpqrstvwxyz', '.') do
      digits[#digits + 1] = char
    end
  end
  local digest = redis.sha1hex(text)
  local id = string.sub(from, 1, 12)
  for at = 1, 31, 5 do
    local bits = tonumber(string.sub(digest, at, at + 4), 16)
    id = id .. digits[bit.rshift(bits, 15) + 1] .. digits[bit.band(bit.rshift(bits, 10), 31) + 1]
      .. digits[bit.band(bit.rshift(bits, 5), 31) + 1] .. digits[bit.band(bits, 31) + 1]
  end
  return string.sub(id, 1, 38)
end

-- Adds an entry to the log of what was told of a job or flow, of which the last 100 are kept.
local function logDelivery(id, entry, ttl)
  local key = tag .. ':nd:' .. id
  redis.call('RPUSH', key, entry)
  redis.call('LTRIM', key, -100, -1)
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, whole(ttl)) end
end

-- Puts a delivery for each channel in line, in the very script that records the end, so that no
-- crash comes between. kind is job, batch or chain; ended the time of the end; only the channel to
-- tell or nil for all; round what makes the ids of a replay differ. A delivery is in no listing of
-- its owner. Returns the ids.
notifyEnd = function(id, kind, state, stored, ended, ttl, only, round)
  local plan = cjson.decode(stored)
  local ids = {}
  for _, to in ipairs(plan.to) do
    if not only or only == to.c then
      local delivery = derivedId(id, id .. ':' .. to.c .. ':' .. (round or '0'))
      local event = kind .. '.' .. state
      local params = cjson.encode({name = plan.t, arguments = {subject = id, kind = kind,
        event = event, state = state, channel = to.c, url = to.u, ended = ended}})
      redis.call('HSET', jobKey(delivery), 'st', 'queued', 'cr', stamp, 'ru', whole(now + plan.rf),
        'c', plan.c, 't', plan.t, 'p', params, 'q', plan.q, 'b', plan.b, 'rp', '1', 'cl', plan.cl,
        'x', '1', 'z', whole(#params + 512))
      addUse({[ownerIn(plan.c)] = {1, #params + 512}})
      redis.call('HSETNX', QUEUES, plan.q, '')
      redis.call('LPUSH', bandKey(plan.q, plan.b), delivery)
      logDelivery(id, cjson.encode({d = delivery, c = to.c, e = event, t = stamp}), ttl)
      ids[#ids + 1] = delivery
    end
  end
  if #ids > 0 then wake(plan.q) end
  return ids
end
