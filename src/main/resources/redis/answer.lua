-- Stores a client's answers to questions of a job. A second answer to a question is ignored.
-- Called by: RedisJobQueue.answer, RedisWorkQueue.answer.
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
    redis.call('HSET', jobKey(job.id), 'st', 'queued', 'up', stamp)
  end
end
announce(job.id, job.watchers)
-- Workers of an earlier version find no job with this text as its id, and ignore it.
redis.call('PUBLISH', CANCELS, 'answered ' .. job.id)
return taken
