-- Finds a session and prolongs its life in one round trip, without ever creating one.
-- KEYS[1]  hash of the session
-- ARGV[1]  time to live in milliseconds
-- returns  field, value, field, value, … ; empty if there is no such session
-- called by RedisSessionStore.touch
if redis.call('PEXPIRE', KEYS[1], ARGV[1]) == 0 then
  return {}
end
return redis.call('HGETALL', KEYS[1])
