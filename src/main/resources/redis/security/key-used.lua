-- Notes that an API key was used, unless that was noted less than a minute ago.
-- KEYS[1]  hash: name, blank, generation; time in ms
-- ARGV[1]  name, blank, generation
-- returns  nothing
-- called by RedisKeyStore.used
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if now - last >= 60000 then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now))
end
