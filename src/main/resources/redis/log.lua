-- Publishes a log message of a job's tool to the processes that watch the job.
-- Called by: RedisWorkQueue.log.
-- ARGV: id, the message as JSON
-- Returns: how many channels it was published to
local watchers = redis.call('HGET', jobKey(ARGV[1]), 'w')
local told = 0
if watchers then
  for channel in string.gmatch(watchers, '%S+') do
    redis.call('PUBLISH', channel, ARGV[1] .. ' ' .. ARGV[2])
    told = told + 1
  end
end
return told
