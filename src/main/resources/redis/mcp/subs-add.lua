-- Adds a subscription of a session, unless it has too many.
-- KEYS[1]  set of URIs
-- ARGV[1]  URI
-- ARGV[2]  most subscriptions
-- ARGV[3]  TTL in milliseconds
-- returns  {'ok'}; empty if there are too many
-- called by RedisSubscriptions.put
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    return {}
  end
  redis.call('SADD', KEYS[1], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'ok'}
