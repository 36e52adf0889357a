-- Starts or cancels further children of a batch or chain. Called by: RedisFlowQueue, until none is
-- left. If its process dies, reap.lua continues.
-- ARGV: id, how many at most
-- Returns: 1 if some are left else 0
mustPass()
useFlows()
return advance(ARGV[1], tonumber(ARGV[2]), 2000)
