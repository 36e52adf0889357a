-- Stores the id under which a question of a job was asked last.
-- KEYS[1]  hash of a session's questions of one job
-- ARGV[1]  key of the question
-- ARGV[2]  the id it is asked under
-- ARGV[3]  TTL in milliseconds
-- returns  {'ok'}
-- called by RedisQuestionStore.asked
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'ok'}
