-- Ends a session.
-- KEYS[1]  hash of the session
-- ARGV[1]  its id
-- ARGV[2]  prefix of the keys of owners' sorted sets of sessions, in the same slot
-- returns  {'ok'}; empty if there is no such session
-- called by RedisSessionStore.end
local owner = redis.call('HGET', KEYS[1], 'owner')
if redis.call('DEL', KEYS[1]) == 0 then
  return {}
end
redis.call('ZREM', ARGV[2] .. (owner or ''), ARGV[1])
return {'ok'}
