-- Reads the statistics of an hour. Called by: RedisStatisticsStore.read, once for each hour, so
-- that Redis serves other commands in between.
-- KEYS[1]  the installation's tag; all keys begin with it
-- ARGV     how many hours before the current one; what is kept of it: h operations, m minutes
-- Returns  {seconds since the epoch, the hour since the epoch, field, value, …}, all as text
local seconds = redis.call('TIME')[1]
local hour = math.floor(tonumber(seconds) / 3600) - tonumber(ARGV[1])
local text = string.format('%d', hour)
local answer = redis.call('HGETALL', KEYS[1] .. ':stat:' .. ARGV[2] .. ':' .. text)
table.insert(answer, 1, text)
table.insert(answer, 1, seconds)
return answer
