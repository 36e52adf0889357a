-- Changes the login of an upstream, unless somebody else has changed it since it was read.
-- KEYS[1]  the login, a hash
-- ARGV[1]  the version that it must have; * for any, or none
-- ARGV[2…] fields and values to set, with the new version
-- returns  1 if it was changed, else 0
-- called by RedisLoginStore
if ARGV[1] ~= '*' and redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then
  return 0
end
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
