-- Confirms claims of jobs that must not be repeated, which begins the attempts. The claim of another
-- job began its attempt already. Called by: RedisWorkQueue.start.
-- ARGV: for each claim id, token with a blank behind it
-- Returns: 1 or 0 per claim: whether the attempt has begun and the job has not ended since
mustPass()
local answers = {}
for i = 1, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local entry = redis.call('HGET', CLAIMS, id)
  if isToken(token, entry) and not isStopping(entry) then
    -- Behind the token are the attempt and when it started.
    local attempt, started, more = string.match(string.sub(entry, #token + 1), '^(%S+) (%S+)(.*)$')
    if started == '-' then
      redis.call('HSET', CLAIMS, id, token .. attempt .. ' ' .. stamp .. more)
      announce(id, redis.call('HGET', jobKey(id), 'w'))
    end
    answers[#answers + 1] = 1
  else
    local job = load(id)
    if job and holds(token, job) then unlease(job) end
    answers[#answers + 1] = 0
  end
end
return answers
