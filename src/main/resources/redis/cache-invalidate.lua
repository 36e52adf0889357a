-- Forgets cached results, and those that are being made now, and tells every process.
-- Called by: RedisCacheStore.invalidate.
-- ARGV: digest of the name, digest of the call or '' for all of the name, new generation, ms after
--   which nothing of the old one can be left, channel, message
-- Returns: how many processes were told
mustPass()
if ARGV[2] == '' then
  redis.call('SET', tag .. ':cg:' .. ARGV[1], ARGV[3], 'PX', ARGV[4])
else
  redis.call('DEL', tag .. ':ca:' .. ARGV[2])
end
return redis.call('PUBLISH', ARGV[5], ARGV[6])
