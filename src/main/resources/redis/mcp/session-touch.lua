-- Finds a session and prolongs its life in one round trip, without ever creating one.
-- KEYS[1]  hash of the session
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
redis.call('PEXPIRE', KEYS[1], ttl)
return fields
