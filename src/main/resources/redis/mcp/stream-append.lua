-- Appends a message to a stream's log, or ends the stream, or both. The log is bounded: the oldest
-- messages go first, the newest always stays.
-- KEYS[1]  hash of the stream
-- KEYS[2]  list of its messages
-- ARGV[1]  the message; empty for none
-- ARGV[2]  1 if the stream ends with it
-- ARGV[3]  time to live in milliseconds from now on
-- ARGV[4]  most messages kept
-- ARGV[5]  most bytes kept
-- ARGV[6]  channel of hints
-- ARGV[7]  the hint to give if somebody else may be waiting: the stream was taken over
-- ARGV[8]  the owner this is only to be done for; empty for any
-- ARGV[9]  what is to be known of the progress that the message tells, if it does; empty otherwise
-- ARGV[10] empty, or for a change of what is served: for how many milliseconds back a stream may have
--          been taken over and still be told it by whoever had it before
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
  -- Whoever has taken the stream over heard of the change before he knew that he has to tell it.
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
