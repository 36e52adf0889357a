-- Stores the partial result of a job that was cancelled or whose deadline has passed. Its last
-- worker does so once, when the tool has stopped; this also ends the lease.
-- Called by: RedisWorkQueue.attachPartial.
-- ARGV: id, token with a blank behind it, result TTL in ms, 1 if the partial result is large else 0,
--   result field, value, …
-- Returns: 1 accepted, 0 not ended in this way, or another worker's job
mustPass()
local job = load(ARGV[1])
if not job or not (job.state == 'cancelled' or job.overdue) or not holds(ARGV[2], job) then
  return 0
end
local key = jobKey(job.id)
unlease(job)
redis.call('HSET', key, 'k', claimText(job, ' p'))
local stored = #ARGV > 4 and redis.call('HGET', key, 'r')
if stored then
  local fields = cjson.decode(string.sub(stored, 2))
  for i = 5, #ARGV do fields[#fields + 1] = ARGV[i] end
  if ARGV[4] == '0' then
    redis.call('HSET', key, 'r', 'j' .. cjson.encode(fields))
  else
    -- It gets a hash of its own, which does not live longer than the job.
    redis.call('HDEL', key, 'r')
    redis.call('HSET', resultKey(job.id), unpack(fields))
    local life = math.min(redis.call('PTTL', key), tonumber(ARGV[3]))
    redis.call('PEXPIRE', resultKey(job.id), whole(math.max(1, life)))
  end
end
announce(job.id, job.watchers)
return 1
