-- Somebody waits for jobs whose ids nobody was given: with him gone they are not wanted any more.
-- Called by: RedisJobQueue.attend, every few seconds.
-- ARGV: how long in ms from now, then ids
-- Returns: how many are attended
local until_ = now + tonumber(ARGV[1])
local attended = 0
for i = 2, #ARGV do
  local job = redis.call('HMGET', jobKey(ARGV[i]), 'st', 'ho')
  if job[1] and not TERMINAL[job[1]] and not job[2] then
    redis.call('ZADD', ATTENDED, until_, ARGV[i])
    attended = attended + 1
  else
    redis.call('ZREM', ATTENDED, ARGV[i])
  end
end
return attended
