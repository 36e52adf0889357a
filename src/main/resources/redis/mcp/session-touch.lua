-- Finds a session and prolongs its life in one round trip, without ever creating one.
-- KEYS[1]  hash of the session
-- KEYS[2]  sorted set of its streams, KEYS[3] set of its subscriptions: they live as long
-- ARGV[1]  time to live in milliseconds, unless the session has its own in the field ttl
-- ARGV[2]  the session's id
-- ARGV[3]  what the keys of owners' sorted sets of sessions begin with, in the same slot
-- returns  field, value, field, value, … ; empty if there is no such session
-- called by RedisSessionStore.touch
local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then
  return {}
end
local ttl, owner = ARGV[1], ''
for i = 1, #fields, 2 do
  if fields[i] == 'ttl' then
    ttl = fields[i + 1]
  elseif fields[i] == 'owner' then
    owner = fields[i + 1]
  end
end
for i = 1, 3 do
  redis.call('PEXPIRE', KEYS[i], ttl)
end
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ttl
local owned = ARGV[3] .. owner
redis.call('ZADD', owned, string.format('%d', ends), ARGV[2])
if redis.call('PTTL', owned) < tonumber(ttl) then redis.call('PEXPIRE', owned, ttl) end
return fields
