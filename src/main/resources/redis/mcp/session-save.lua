-- Keeps a new session; there is no moment in which it has no time to live.
-- KEYS[1]   hash of the session
-- ARGV[1]   time to live in milliseconds
-- ARGV[2…]  field, value, field, value, …
-- returns   an empty list
-- called by RedisSessionStore.save
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {}
