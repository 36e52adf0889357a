-- Reads the next messages of a stream for its owner, and prolongs the stream and its session.
-- KEYS[1]  hash of the stream
-- KEYS[2]  list of its messages
-- KEYS[3]  hash of its session
-- KEYS[4]  sorted set of the session's streams, KEYS[5] set of its subscriptions; both get its TTL
-- ARGV[1]  owner
-- ARGV[2]  number of the last message that was read
-- ARGV[3]  most messages to return
-- ARGV[4]  TTL of the stream in milliseconds
-- ARGV[5]  TTL of the session in milliseconds
-- returns  {state, number of the first message returned, message, message, …}; the state is open,
--          ended (and no message is left), or lost: unknown, another owner, or the session has
--          ended
-- called by RedisEventLog.read
local state = redis.call('HMGET', KEYS[1], 'n', 'o', 'e')
if state[2] ~= ARGV[1] or redis.call('PEXPIRE', KEYS[3], ARGV[5]) == 0 then
  return {'lost', '0'}
end
redis.call('PEXPIRE', KEYS[4], ARGV[5])
redis.call('PEXPIRE', KEYS[5], ARGV[5])
local last = tonumber(state[1])
local after = tonumber(ARGV[2])
-- The reader has a higher number than this Redis: a failover has lost messages. The newest message
-- may be new to the reader although its number is not, so it is returned again.
if after > last then
  after = math.max(last - 1, 0)
end
local found = {}
local first = last + 1
if after < last then
  local length = redis.call('LLEN', KEYS[2])
  first = math.max(after + 1, last - length + 1)
  local index = first - (last - length + 1)
  found = redis.call('LRANGE', KEYS[2], index, index + tonumber(ARGV[3]) - 1)
end
if not state[3] then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
local ended = state[3] and first + #found > last
table.insert(found, 1, tostring(first))
table.insert(found, 1, ended and 'ended' or 'open')
return found
