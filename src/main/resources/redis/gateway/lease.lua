-- Takes, renews or gives up the leases of upstreams for a process.
-- KEYS     the leases, each a string with the process that holds it
-- ARGV[1]  the process
-- ARGV[2]  milliseconds that they last from now; 0 to give them up
-- returns  for each key 1 if the process holds the lease now, else 0
-- called by RedisUpstreamLeases
local held = {}
for i, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  held[i] = 0
  if ARGV[2] == '0' then
    if holder == ARGV[1] then redis.call('DEL', key) end
  elseif not holder or holder == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[i] = 1
  end
end
return held
