-- Reads a session and prolongs its life, in one round trip. Never creates a session.
-- KEYS[1]  hash of the session
-- KEYS[2]  sorted set of its streams, KEYS[3] set of its subscriptions; both get the same TTL
-- ARGV[1]  TTL in milliseconds, unless the session has one in the field ttl
-- ARGV[2]  the session's id
-- ARGV[3]  prefix of the keys of owners' sorted sets of sessions, in the same slot
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
