-- Adds to a tool's mean run time. Called by: RedisWorkQueue.recordTimes, a few times a minute.
-- ARGV: tool, count of calls, ms they took together
-- Returns: the mean in ms
local times = tag .. ':times'
local mean, weight = string.match(redis.call('HGET', times, ARGV[1]) or '0 0', '(%d+) (%d+)')
local count, sum = tonumber(ARGV[2]), tonumber(ARGV[3])
-- The past counts for a hundred calls at most, so that the mean follows a tool that changes.
weight = math.min(tonumber(weight), 100)
mean = math.floor((tonumber(mean) * weight + sum) / (weight + count) + 0.5)
redis.call('HSET', times, ARGV[1], string.format("%d %d", mean, weight + count))
return mean
