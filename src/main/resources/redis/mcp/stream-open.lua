-- Begins an event stream.
-- Fields of its hash: n number of the last message, o owner (counts who took it over), b bytes in
-- its log, e 1 once it has ended, and of a call's stream j its job, r its request id, k its kind,
-- h the process that runs it if it is no job.
-- KEYS[1]  hash of the stream
-- ARGV[1]  time to live in milliseconds
-- ARGV[2…] further fields and values
-- returns  {'ok'}
-- called by EventLog.open
redis.call('HSET', KEYS[1], 'n', 0, 'o', 0, 'b', 0, unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {'ok'}
