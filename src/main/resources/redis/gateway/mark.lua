-- Marks the call of a job as sent, unless an earlier attempt has left a mark.
-- KEYS[1]  the mark, a string: '-' if the call was sent, 't' and the id of its task if it has one
-- ARGV[1]  the mark of a call that is being sent
-- ARGV[2]  milliseconds that it lasts
-- returns  the earlier mark, which stays as it is; nil if there was none
-- called by RedisCallMarks.begin
local earlier = redis.call('GET', KEYS[1])
if not earlier then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return earlier
