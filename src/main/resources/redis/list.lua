-- Reads one page of an index, newest job first. Called by: Listing.
-- ARGV: index, such as o:OWNER or dead; owner, state and tool to select, or ''; hour of the cursor
--   or '', its position; limit; method to select, as stored, or ''
-- Returns: {hour and position to continue from, or '' and 0 at the end, {{id, its hour, its
--   position, {the values of a view (view.lua)}}, …}}. Hour and position are given for each job
--   because the caller merges the pages of several shards.
local owner, state, tool = ARGV[2], ARGV[3], ARGV[4]
local hour, position, limit = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local method = ARGV[8]
-- Whether a job is for a tool and a method; '' for any.
local function isFor(constants, its, called)
  if its == '' and called == '' then return true end
  local name, how = string.match(constants, '^%S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (%S+) (%S+)')
  return (its == '' or name == its) and (called == '' or how == called)
end

local hours = tag .. ':' .. ARGV[1]
local jobs = {}
local looked = 0
local max = hour == '' and '+inf' or hour
for _, bucket in ipairs(redis.call('ZREVRANGEBYSCORE', hours, max, '-inf')) do
  local key = hours .. ':' .. bucket
  local length = redis.call('LLEN', key)
  if length == 0 then redis.call('ZREM', hours, bucket) end
  -- Buckets are only appended to, so a position from the front stays valid between two pages.
  local at = length - 1
  if bucket == hour and position < length then at = position end
  while at >= 0 do
    local from = math.max(0, at - 99)
    local ids = redis.call('LRANGE', key, from, at)
    for i = #ids, 1, -1 do
      if #jobs >= limit or looked >= 2000 then return {bucket, from + i - 1, jobs} end
      looked = looked + 1
      local seen = redis.call('HMGET', jobKey(ids[i]), 'st', 'c')
      if seen[1] and seen[2] and (state == '' or stateOf(ids[i], seen[1]) == state)
          and (owner == '' or ownerIn(seen[2]) == owner) and isFor(seen[2], tool, method) then
        table.insert(jobs, {ids[i], bucket, from + i - 1, viewOf(ids[i])})
      end
    end
    at = from - 1
  end
end
return {'', 0, jobs}
