-- Renews leases. Called by: RedisWorkQueue.renew, every third of a lease.
-- ARGV: lease in ms, then for each job id, fence, nonce
-- Returns: per job 0 renewed, 1 lost, 2 cancelled or its deadline has passed
mustPass()
local lease = tonumber(ARGV[1])
local answers = {}
for i = 2, #ARGV, 3 do
  local id = ARGV[i]
  local job = redis.call('HMGET', jobKey(id), 'st', 'f', 'n', 'de')
  if job[2] ~= ARGV[i + 1] or job[3] ~= ARGV[i + 2] then
    table.insert(answers, 1)
  elseif job[1] == 'cancelled' or job[4] == '2' then
    table.insert(answers, 2)
  elseif TERMINAL[job[1]] then
    table.insert(answers, 1)
  else
    redis.call('ZADD', LEASES, 'GT', now + lease, id)
    table.insert(answers, 0)
  end
end
return answers
