-- Creates an event stream. Fields of its hash:
--   n number of the last message, o owner (number of take-overs), b bytes in its log, a time of the
--   last take-over (ms), w time at which its call began to wait (ms), e 1 once it has ended;
--   for a call's stream: r its request id, k its kind, t its progress token, p the params of the
--   last progress sent;
--   if the call waits for a job: j the job, l the longest hold (ms), c the digest of the call, s
--   the time at which it joined another call (ms);
--   if the call has no job: h the process that runs it.
-- KEYS[1]  hash of the stream
-- ARGV[1]  TTL in milliseconds
-- ARGV[2]  milliseconds that its call has waited
-- ARGV[3…] further fields and values
-- returns  {'ok'}
-- called by RedisEventLog.open
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local began = string.format('%d', now - tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'n', 0, 'o', 0, 'b', 0, 'w', began, unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {'ok'}
