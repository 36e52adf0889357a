-- Adds to a tool's mean run time. Called by: RedisWorkQueue.recordTimes, a few times a minute.
-- ARGV: tool, count of calls, ms they took together
-- Returns: the mean in ms
local times = tag .. ':times'
local mean, weight = string.match(redis.call('HGET', times, ARGV[1]) or '0 0', '(%d+) (%d+)')
local count, sum = tonumber(ARGV[2]), tonumber(ARGV[3])
-- Earlier calls have the weight of at most a hundred, so that the mean follows changes of the tool.
weight = math.min(tonumber(weight), 100)
mean = math.floor((tonumber(mean) * weight + sum) / (weight + count) + 0.5)
redis.call('HSET', times, ARGV[1], string.format("%d %d", mean, weight + count))
return mean
