-- Pauses, drains or resumes a queue. Called by: RedisQueueAdmin.
-- ARGV: queue, '' or 'paused' or 'draining'
-- Returns: 1
redis.call('HSET', QUEUES, ARGV[1], ARGV[2])
if ARGV[2] ~= 'paused' then wake(ARGV[1]) end
return 1
