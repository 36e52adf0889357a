-- Adds, replaces or removes an API key, and tells all processes.
-- KEYS[1]  hash of the keys: name, key as JSON
-- KEYS[2]  version of that hash
-- KEYS[3]  hash of last uses: name, blank, generation
-- ARGV[1]  add, replace or remove
-- ARGV[2]  name
-- ARGV[3]  the key as it was read, of replace
-- ARGV[4]  the new key, of add and replace
-- ARGV[5]  how many keys there may be
-- ARGV[6]  the new version
-- ARGV[7]  channel that tells of the change
-- returns  {'DONE'}; {'REFUSED'} if there is a key to be added, the key to be replaced is another one
--          now, or there is none to be removed; {'TOO_MANY'}
-- called by RedisKeyStore.change
local there = redis.call('HGET', KEYS[1], ARGV[2])
if ARGV[1] == 'add' then
  if there then return {'REFUSED'} end
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return {'TOO_MANY'} end
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
elseif ARGV[1] == 'replace' then
  if there ~= ARGV[3] then return {'REFUSED'} end
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
else
  if not there then return {'REFUSED'} end
  redis.call('HDEL', KEYS[1], ARGV[2])
  for _, use in ipairs(redis.call('HKEYS', KEYS[3])) do
    if string.sub(use, 1, #ARGV[2] + 1) == ARGV[2] .. ' ' then redis.call('HDEL', KEYS[3], use) end
  end
end
redis.call('SET', KEYS[2], ARGV[6])
-- Only a hint, and what was changed stays changed: that a user may not publish must be no failure.
redis.pcall('PUBLISH', ARGV[7], ARGV[6])
return {'DONE'}
