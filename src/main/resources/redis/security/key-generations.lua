-- Finds the generations of a configured API key by its secrets. One that is not known gets that of
-- the first known one, or a new one.
-- KEYS[1]  hash: name, blank, digest of a secret; its generation
-- ARGV[1]  name
-- ARGV[2]  the new generation
-- ARGV[3…] digests of the secrets
-- returns  a generation for each secret
-- called by RedisKeyStore.generations
local known = {}
local first
for i = 3, #ARGV do
  known[i] = redis.call('HGET', KEYS[1], ARGV[1] .. ' ' .. ARGV[i])
  first = first or known[i] or nil
end
local answer = {}
for i = 3, #ARGV do
  if not known[i] then
    known[i] = first or ARGV[2]
    redis.call('HSET', KEYS[1], ARGV[1] .. ' ' .. ARGV[i], known[i])
  end
  answer[#answer + 1] = known[i]
end
return answer
