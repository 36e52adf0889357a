-- Stores questions of a job's tool for its client. Called by: RedisWorkQueue.ask.
-- ARGV: id, token with a blank behind it, 1 if this attempt asks for the first time else 0, TTL in ms,
--   then for each question its key and the question as JSON
-- Returns: 1 stored, 0 the lease is lost
mustPass()
local job = load(ARGV[1])
if not job or (job.state ~= 'running' and job.state ~= 'input_required')
    or not holds(ARGV[2], job) then
  return 0
end
local key = questionsKey(job.id)
if ARGV[3] == '1' then
  -- Questions of earlier attempts are shown to the client only if this attempt asks them too.
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'o:' then redis.call('HDEL', key, field) end
  end
end
local asked = 0
for i = 5, #ARGV, 2 do
  local name = ARGV[i]
  asked = asked + redis.call('HSETNX', key, 'q:' .. name, ARGV[i + 1])
  if redis.call('HEXISTS', key, 'a:' .. name) == 0 then redis.call('HSET', key, 'o:' .. name, 1) end
end
redis.call('PEXPIRE', key, ARGV[4])
local open = false
for _, field in ipairs(redis.call('HKEYS', key)) do
  if string.sub(field, 1, 2) == 'o:' then open = true end
end
-- x: the script that ends the job has to change other keys, too (step.lua).
redis.call('HSET', jobKey(job.id), 'st', open and 'input_required' or 'queued', 'x', 1, 'up', stamp)
special(job.id)
redis.call('HINCRBY', jobKey(job.id), 'qn', asked)
announce(job.id, job.watchers)
return 1
