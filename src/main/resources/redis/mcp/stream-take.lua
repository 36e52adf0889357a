-- Takes a stream over: whoever wrote it before may not write any more.
-- KEYS[1]  hash of the stream
-- KEYS[2]  list of its messages
-- ARGV[1]  time to live in milliseconds from now on
-- ARGV[2]  channel of hints
-- ARGV[3]  the hint that makes the previous owner look
-- returns  {owner, job, request id, kind, holder}, an empty text for what it has not; empty if unknown
-- called by EventLog.take
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {}
end
local owner = redis.call('HINCRBY', KEYS[1], 'o', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
local more = redis.call('HMGET', KEYS[1], 'j', 'r', 'k', 'h')
return {tostring(owner), more[1] or '', more[2] or '', more[3] or '', more[4] or ''}
