-- Renews leases. Called by: RedisWorkQueue.renew, every third of a lease.
-- ARGV: lease in ms, then for each job id, token with a blank behind it
-- Returns: per job 0 renewed, 1 lost, 2 cancelled or its deadline has passed
mustPass()
local expiry = whole(now + tonumber(ARGV[1]))
local answers = {}
for first = 2, #ARGV, 1000 do
  local last = math.min(first + 998, #ARGV - 1)
  local ids = {}
  for i = first, last, 2 do ids[#ids + 1] = ARGV[i] end
  local leases = {}
  for i, entry in ipairs(redis.call('HMGET', CLAIMS, unpack(ids))) do
    local id, token = ids[i], ARGV[first + 2 * i - 1]
    if not isToken(token, entry) then
      local job = load(id)
      local stopped = job and (job.state == 'cancelled' or job.overdue) and holds(token, job)
      answers[#answers + 1] = stopped and 2 or 1
    elseif isStopping(entry) then
      answers[#answers + 1] = 2
    else
      leases[#leases + 1] = expiry
      leases[#leases + 1] = id
      answers[#answers + 1] = 0
    end
  end
  if #leases > 0 then redis.call('ZADD', LEASES, 'GT', unpack(leases)) end
end
return answers
