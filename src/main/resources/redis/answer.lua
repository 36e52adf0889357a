-- Answers questions of a job. Called by: RedisJobQueue.answer, RedisWorkQueue.answer.
-- ARGV: id, then for each answer its key and the client's result as JSON
-- Returns: how many were stored
mustPass()
local job = load(ARGV[1])
if not job or TERMINAL[job.state] then return 0 end
local key = questionsKey(job.id)
local taken = 0
for i = 2, #ARGV, 2 do
  local name = ARGV[i]
  if redis.call('HEXISTS', key, 'q:' .. name) == 1
      and redis.call('HSETNX', key, 'a:' .. name, ARGV[i + 1]) == 1 then
    redis.call('HDEL', key, 'o:' .. name)
    taken = taken + 1
  end
end
if taken == 0 then return 0 end
if job.state == 'input_required' then
  local open = false
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'o:' then open = true end
  end
  if open then
    redis.call('HSET', jobKey(job.id), 'up', stamp)
  else
    redis.call('HSET', jobKey(job.id), 'st', 'running', 'up', stamp)
  end
end
announce(job.id, job.watchers)
-- A worker of an earlier version takes it for no id, and leaves it alone.
redis.call('PUBLISH', CANCELS, 'answered ' .. job.id)
return taken
