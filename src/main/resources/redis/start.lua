-- Confirms claims of jobs that must not be repeated, which begins the attempts. The claim of another
-- job began its attempt already. Called by: RedisWorkQueue.start.
-- ARGV: for each claim id, fence, nonce
-- Returns: 1 or 0 per claim: whether the attempt has begun and the job has not ended since
mustPass()
local answers = {}
for i = 1, #ARGV, 3 do
  local id = ARGV[i]
  local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'w', 'a')
  local mine = job[2] == ARGV[i + 1] and job[3] == ARGV[i + 2]
  if mine and job[1] == 'queued' then
    redis.call('HSET', jobKey(id), 'st', 'running', 'sa', stamp, 'up', stamp, 'a',
      whole((job[5] or 0) + 1))
    announce(id, job[4])
    table.insert(answers, 1)
  elseif mine and job[1] == 'running' then
    table.insert(answers, 1)
  else
    if mine then unlease(load(id)) end
    table.insert(answers, 0)
  end
end
return answers
