-- Stores, replaces or removes the record of a held call under the digest of the call.
-- Called by: RedisHeldCalls, when a call has lasted for a moment, is answered, abandoned, handed
-- over or joined.
-- ARGV: digest, id of its job, expected value or '' for any, new value or '' to remove it (a value
--   begins with a time in ms), TTL in ms, most calls per digest
-- Returns: 1 done, 0 another value is stored
local key = tag .. ':hc:' .. ARGV[1]
local id, seen, value, life = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local known = redis.call('HGET', key, id)
if seen ~= '' and known ~= seen then return 0 end
if value == '' then
  redis.call('HDEL', key, id)
  return 1
end
if not known and redis.call('HLEN', key) >= tonumber(ARGV[6]) then
  local all = redis.call('HGETALL', key)
  local oldest, since
  for i = 1, #all, 2 do
    local its = tonumber(string.match(all[i + 1], '^%d+'))
    if not since or its < since then oldest, since = all[i], its end
  end
  redis.call('HDEL', key, oldest)
end
redis.call('HSET', key, id, value)
if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
return 1
