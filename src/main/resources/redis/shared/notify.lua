-- Notifications. For the scripts in which a job can end, before flow.lua.
-- The field nt of a job or flow says what to send and to which channels (NotificationFields.java).
local digits

-- Derives an id from another id and a text, as FlowRef.java does. It is in the same shard, and
-- cannot be guessed without the other id.
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

-- Adds an entry to the delivery log of a job or flow, which has at most 100 entries.
local function logDelivery(id, entry, ttl)
  local key = tag .. ':nd:' .. id
  redis.call('RPUSH', key, entry)
  redis.call('LTRIM', key, -100, -1)
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, whole(ttl)) end
end

-- Queues a delivery for each channel and returns the ids of these jobs. This happens in the same
-- script that records the end, so that no crash can come between. Deliveries are not listed.
-- owner: the index name of its owner. kind: job, batch or chain. ended: the time of the end in ms. only: the channel to notify, nil for
-- all. round: nil, or a text that makes the ids of a repetition differ.
notifyEnd = function(id, owner, kind, state, stored, ended, ttl, only, round)
  local plan = cjson.decode(stored)
  local ids = {}
  for _, to in ipairs(plan.to) do
    if not only or only == to.c then
      local delivery = derivedId(id, id .. ':' .. to.c .. ':' .. (round or '0'))
      local event = kind .. '.' .. state
      local params = cjson.encode({name = plan.t, arguments = {subject = id, kind = kind,
        event = event, state = state, channel = to.c, url = to.u, ended = ended}})
      local size = #params + #(plan.h or '') + 512
      if plan.h then params = 'h' .. plan.h .. '\n' .. params end
      local queue = string.gsub(plan.q, ' ', BLANK)
      local constants = table.concat({stamp, whole(plan.rf), '1', whole(size), owner,
        plan.l or '~internal', queue, plan.b, plan.t, plan.c}, ' ')
      redis.call('HSET', jobKey(delivery), 'st', 'queued', 'c', constants, 'p', params,
        'cl', plan.cl, 'x', '1')
      addUse({[owner] = {1, size}})
      redis.call('HSETNX', QUEUES, plan.q, '')
      addToLine(plan.q, plan.b, constants, delivery)
      logDelivery(id, cjson.encode({d = delivery, c = to.c, e = event, t = stamp}), ttl)
      ids[#ids + 1] = delivery
    end
  end
  if #ids > 0 then wake(plan.q) end
  return ids
end
