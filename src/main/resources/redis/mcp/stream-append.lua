-- Appends a message to a stream's log, or ends the stream, or both. The log is bounded: the oldest
-- messages are removed, but never the newest.
-- KEYS[1]  hash of the stream
-- KEYS[2]  list of its messages
-- ARGV[1]  the message; empty for none
-- ARGV[2]  1 to end the stream
-- ARGV[3]  TTL in milliseconds
-- ARGV[4]  most messages in the log
-- ARGV[5]  most bytes in the log
-- ARGV[6]  channel of hints
-- ARGV[7]  the hint to publish if the stream was taken over, so that another process may read it
-- ARGV[8]  the owner that writes; empty for any
-- ARGV[9]  if the message is progress, its params, to be stored; else empty
-- ARGV[10] empty; for a change of a listed feature, the milliseconds after a take-over in which the
--          former owner may still append it
-- returns  {number of the message, owner}; {0, owner} if the stream has ended or has another owner;
--          {0, -1} if it is unknown
-- called by RedisEventLog
local state = redis.call('HMGET', KEYS[1], 'n', 'o', 'b', 'e', 'a')
if not state[1] then
  return {'0', '-1'}
end
local owner = state[2]
local may = ARGV[8] == '' or ARGV[8] == owner
if not may and ARGV[10] ~= '' and tonumber(ARGV[8]) < tonumber(owner) then
  -- The new owner may have received the change before it owned the stream, and not have sent it.
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  may = now - (tonumber(state[5]) or 0) <= tonumber(ARGV[10])
end
if state[4] or not may then
  return {'0', owner}
end
local number = tonumber(state[1])
if ARGV[1] ~= '' then
  number = number + 1
  local bytes = tonumber(state[3]) + #ARGV[1]
  local length = redis.call('RPUSH', KEYS[2], ARGV[1])
  while length > 1 and (length > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5])) do
    bytes = bytes - #redis.call('LPOP', KEYS[2])
    length = length - 1
  end
  redis.call('HSET', KEYS[1], 'n', number, 'b', bytes)
end
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[1], 'p', ARGV[9])
end
if ARGV[2] == '1' then
  redis.call('HSET', KEYS[1], 'e', 1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
if owner ~= '0' then
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return {tostring(number), owner}
