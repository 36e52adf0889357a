-- Removes cached results, keeps those of current runs from being cached, and notifies every
-- process.
-- Called by: RedisCacheStore.invalidate.
-- ARGV: digest of the name, digest of the call or '' for all calls of the name, new generation,
--   ms after which no result of the old generation can be left, channel, message
-- Returns: how many processes were notified
mustPass()
if ARGV[2] == '' then
  redis.call('SET', tag .. ':cg:' .. ARGV[1], ARGV[3], 'PX', ARGV[4])
else
  redis.call('DEL', tag .. ':ca:' .. ARGV[2])
end
return redis.call('PUBLISH', ARGV[5], ARGV[6])
