-- Converts the lines of layouts 1 and 2, in which the jobs of all owners were in one list, to those of
-- layout 3. Called by: Conversion, until nothing is left, after the jobs were converted; and once more
-- when the whole conversion has ended.
-- ARGV: how many entries at most; 0 if the whole conversion has ended
-- Returns: how many entries were converted, -1 when nothing was left
mustPass()
-- The list of the lines that are left, and the older lists under other names.
local LEFT = tag .. ':older-lines'
local function olderKey(line) return tag .. ':older:' .. line end
-- Says that the lines that are there now are those of layout 3. It stays until the whole conversion
-- has ended, however often that is interrupted; and a week longer, for a process that was stopped in
-- the middle and goes on although another one has taken over and ended it.
local MARK = tag .. ':lines-converted'

local function begin()
  redis.call('SET', MARK, '1')
  local lines = {}
  for _, gate in ipairs(redis.call('SMEMBERS', GATES)) do
    for band = 0, 3 do lines[#lines + 1] = gateLine(gate, band) end
  end
  for _, queue in ipairs(redis.call('HKEYS', QUEUES)) do
    for band = 0, 3 do
      lines[#lines + 1] = queueLine(queue, band)
      local released = redis.call('LLEN', frontKey(queue, band))
      if released > 0 then redis.call('HINCRBY', LINES, queueLine(queue, band), released) end
      local buried = tonumber(redis.call('HGET', tag .. ':buried', queue .. ' ' .. band) or 0)
      if buried > 0 then redis.call('HINCRBY', LINES, 'x:' .. queue .. ':' .. band, buried) end
    end
    local atGates = tonumber(redis.call('HGET', tag .. ':parked', queue) or 0)
    if atGates > 0 then countAtGates(queue, atGates) end
  end
  for _, line in ipairs(lines) do
    if redis.call('EXISTS', tag .. ':' .. line) == 1 then
      redis.call('RENAME', tag .. ':' .. line, olderKey(line))
      redis.call('RPUSH', LEFT, line)
    end
  end
  redis.call('DEL', tag .. ':buried', tag .. ':tombstones', tag .. ':parked')
end

if ARGV[1] == '0' then
  redis.call('PEXPIRE', MARK, 604800000)
  return -1
end
if redis.call('EXISTS', MARK) == 0 then begin() end
local line = redis.call('LINDEX', LEFT, 0)
if not line then return -1 end
local ids = redis.call('RPOP', olderKey(line), ARGV[1]) or {}
local lines = {}
for _, id in ipairs(ids) do
  local constants = redis.call('HGET', jobKey(id), 'c')
  if constants then
    collectFor(lines, line, lineOf(constants), id)
  else -- a tombstone of a job that was deleted
    local queue, band = string.match(line, '^q:(.*):(%d)$')
    if queue then unbury(queue, band) end
  end
end
addToLines(lines)
if redis.call('EXISTS', olderKey(line)) == 0 then redis.call('LPOP', LEFT) end
return #ids
