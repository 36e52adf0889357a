-- Adds an attempt to the delivery log of a job, batch or chain.
-- Called by: RedisNotificationQueue.record.
-- ARGV: id of the job, batch or chain, entry as JSON, TTL of the log in ms
-- Returns: 1
mustPass()
logDelivery(ARGV[1], ARGV[2], tonumber(ARGV[3]))
return 1
