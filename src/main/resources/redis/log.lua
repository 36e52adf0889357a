-- Tells whoever watches a job what its tool said. Called by: RedisWorkQueue.log.
-- ARGV: id, what was said as JSON
-- Returns: how many processes were told
local watchers = redis.call('HGET', jobKey(ARGV[1]), 'w')
local told = 0
if watchers then
  for channel in string.gmatch(watchers, '%S+') do
    redis.call('PUBLISH', channel, ARGV[1] .. ' ' .. ARGV[2])
    told = told + 1
  end
end
return told
