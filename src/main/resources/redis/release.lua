-- Starts a held job. Called by: RedisJobQueue.release.
-- ARGV: id
-- Returns: 1 started, 0 not held, -1 unknown
mustPass()
if redis.call('EXISTS', jobKey(ARGV[1])) == 0 then return -1 end
-- Children of a batch or chain are started only by their flow.
if redis.call('HEXISTS', jobKey(ARGV[1]), 'fl') == 1 then return 0 end
return release(ARGV[1]) and 1 or 0
