-- Marks that a client gets a flow's id; from now on its disconnect does not cancel the flow.
-- Called by: RedisFlowQueue.handOut, before the id is sent.
-- ARGV: id
-- Returns: 1, or 0 if it is unknown
mustPass()
if redis.call('EXISTS', flowKey(ARGV[1])) == 0 then return 0 end
redis.call('HSET', flowKey(ARGV[1]), 'ho', 1)
return 1
