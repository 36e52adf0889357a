-- Begins to convert what is stored to another layout, goes on with it, or ends it; in shard 0 only.
-- From the beginning on processes that read older layouts are refused, and others wait for the end.
-- Called by: Conversion.
-- ARGV: name of the process, layout to convert to, ms until another process may go on with it, 1 to
--   end it else 0, 1 if the names that follow are all there are, names of the processes that listen
--   to changes of jobs
-- Returns: {0} there is nothing to convert, or it has ended; {1} this process converts; {2, process}
--   another one does; {3, name, …} processes that use the older layout still run
mustPass()
local meta, lock = tag .. ':meta', tag .. ':converter'
local process, to = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', meta, 'layout', 'converting')
if not known[2] and tonumber(known[1] or to) >= to then return {0} end

local reads, older = {}, {3}
local entries = redis.call('HGETALL', tag .. ':processes')
for i = 1, #entries, 2 do
  local valid, newest = string.match(entries[i + 1], '(%S+) (%S+)')
  if tonumber(valid) > now then
    reads[entries[i]] = true
    if tonumber(newest) < to then older[#older + 1] = entries[i] end
  end
end
-- Who listens and has not announced itself is of a build before layout 2, or begins just now.
if not known[2] then
  for i = 6, #ARGV do
    if not reads[ARGV[i]] and ARGV[i] ~= process then older[#older + 1] = ARGV[i] end
  end
  if ARGV[5] ~= '1' then older[#older + 1] = '?' end
  if #older > 1 then return older end
end

local holder = redis.call('GET', lock)
if holder and holder ~= process then return {2, holder} end
if ARGV[4] == '1' then
  redis.call('HDEL', meta, 'converting')
  redis.call('DEL', lock)
  return {0}
end
redis.call('SET', lock, process, 'PX', ARGV[3])
if not known[2] then redis.call('HSET', meta, 'layout', to, 'converting', known[1]) end
return {1}
