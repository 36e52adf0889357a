-- Finds a session and prolongs its life in one round trip, without ever creating one.
-- KEYS[1]  hash of the session
-- KEYS[2]  sorted set of its streams, KEYS[3] set of its subscriptions: they live as long
-- ARGV[1]  time to live in milliseconds, unless the session has its own in the field ttl
-- returns  field, value, field, value, … ; empty if there is no such session
-- called by RedisSessionStore.touch
local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then
  return {}
end
local ttl = ARGV[1]
for i = 1, #fields, 2 do
  if fields[i] == 'ttl' then
    ttl = fields[i + 1]
  end
end
for i = 1, 3 do
  redis.call('PEXPIRE', KEYS[i], ttl)
end
return fields
