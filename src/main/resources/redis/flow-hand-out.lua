-- Marks that a flow's id is being handed out; no disconnect cancels it from now on.
-- Called by: RedisFlowQueue.handOut, before the handle is written.
-- ARGV: id
-- Returns: 1, or 0 if it is unknown
mustPass()
if redis.call('EXISTS', flowKey(ARGV[1])) == 0 then return 0 end
redis.call('HSET', flowKey(ARGV[1]), 'ho', 1)
return 1
