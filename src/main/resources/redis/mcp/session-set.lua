-- Sets one field of a session. Never creates a session.
-- KEYS[1]  hash of the session
-- ARGV[1]  field
-- ARGV[2]  value
-- returns  {'ok'}; empty if there is no such session
-- called by RedisSessionStore.logLevel
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return {'ok'}
