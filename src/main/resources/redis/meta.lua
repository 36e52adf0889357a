-- Announces a live process and which layouts it reads, agrees on the layout that is written, and on
-- the number of shards of this installation; in shard 0 only. A newer layout is written only after
-- every live process has announced for a while that it reads it, without a gap: while no process
-- runs, one of a version that announces nothing may come and go unseen. Called by: Layout.
-- ARGV: name of the process, newest layout it reads, newest layout it may write, count of shards it
--   is configured for, ms that the announcement is valid, ms that all must have announced a newer
--   layout, its build, oldest layout it reads, 1 if the names that follow are all there are, names of
--   the processes that listen to changes of jobs
-- Returns: {layout that is written, most shards that any process was ever configured for}; a process
--   that does not read that layout is not announced. -1 in place of an older layout that has to be
--   converted, or is being converted
mustPass()
local FIRST = 1 -- what a process reads that listens and announces nothing, as builds before did
local meta, live = tag .. ':meta', tag .. ':processes'
local reads, writes = tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = tonumber(ARGV[8])
local known = redis.call('HMGET', meta, 'layout', 'shards', 'raise', 'converting')
local stored = tonumber(known[1] or 0)
local shards = math.max(tonumber(known[2] or 0), tonumber(ARGV[4]))
if stored > reads then return {stored, shards} end
if not known[2] or shards > tonumber(known[2]) then redis.call('HSET', meta, 'shards', shards) end

local life = tonumber(ARGV[5])
redis.call('HSET', live, ARGV[1], table.concat({whole(now + life), reads, writes, ARGV[7]}, ' '))
redis.call('PEXPIRE', live, whole(life))
if known[4] or (stored > 0 and stored < oldest) then return {-1, shards} end
local newest = math.min(reads, writes)
local announced = {}
local entries = redis.call('HGETALL', live)
for i = 1, #entries, 2 do
  local until_, itReads, itWrites = string.match(entries[i + 1], '(%S+) (%S+) (%S+)')
  if tonumber(until_) > now then
    announced[entries[i]] = true
    newest = math.min(newest, tonumber(itReads), tonumber(itWrites))
  else
    redis.call('HDEL', live, entries[i])
  end
end
for i = 10, #ARGV do
  if not announced[ARGV[i]] then newest = FIRST end
end
newest = math.max(newest, oldest) -- what is older is converted and never written

if stored == 0 then
  stored = newest
  redis.call('HSET', meta, 'layout', stored)
elseif newest <= stored then
  redis.call('HDEL', meta, 'raise')
elseif ARGV[9] == '1' then
  local to, since, seen = string.match(known[3] or '', '(%S+) (%S+) ?(%S*)')
  if tonumber(to) ~= newest or now - (tonumber(seen) or 0) > life then since = stamp end
  redis.call('HSET', meta, 'raise', newest .. ' ' .. since .. ' ' .. stamp)
  if now - tonumber(since) >= tonumber(ARGV[6]) then
    stored = newest
    redis.call('HSET', meta, 'layout', stored)
    redis.call('HDEL', meta, 'raise')
  end
end
return {stored, shards}
