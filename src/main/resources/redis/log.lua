-- Publishes a log message of a job's tool to the processes that watch the job.
-- Called by: RedisWorkQueue.log.
-- ARGV: id, the message as JSON, the channel of the calling process
-- Returns: {how many processes watch the job, 1 if the calling process is one of them else 0}. That
--   process is told by this reply, as it is of the job's end by that of step.lua: what comes on its
--   channel could arrive after that.
local watchers = redis.call('HGET', jobKey(ARGV[1]), 'w')
local told, caller = 0, 0
if watchers then
  for channel in string.gmatch(watchers, '%S+') do
    if channel == ARGV[3] then
      caller = 1
    else
      redis.call('PUBLISH', channel, ARGV[1] .. ' ' .. ARGV[2])
    end
    told = told + 1
  end
end
return {told, caller}
