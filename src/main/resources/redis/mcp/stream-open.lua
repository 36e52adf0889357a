-- Begins an event stream.
-- Fields of its hash: n number of the last message, o owner (counts who took it over), b bytes in
-- its log, a when it was taken over last (ms), w when its call began to wait (ms), e 1 once it has
-- ended. Of a call's stream r its request
-- id, k its kind, t its progress token, p the params of the progress told last; if it waits for a job
-- j the job, l how long it is held at most (ms), c the digest of the call, s since when it has joined
-- another (ms); if it is no job h the process that runs it.
-- KEYS[1]  hash of the stream
-- ARGV[1]  time to live in milliseconds
-- ARGV[2]  for how many milliseconds its call has waited
-- ARGV[3…] further fields and values
-- returns  {'ok'}
-- called by RedisEventLog.open
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local began = string.format('%d', now - tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'n', 0, 'o', 0, 'b', 0, 'w', began, unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {'ok'}
