-- Reads the layout version and the number of shards of this installation, and stores them on first
-- use; in shard 0 only. Called by: Layout.
-- ARGV: the newest layout this process can write, count of shards it is configured for
-- Returns: {stored layout, most shards that any process was ever configured for}
mustPass()
local meta = tag .. ':meta'
redis.call('HSETNX', meta, 'layout', ARGV[1])
local stored = redis.call('HMGET', meta, 'layout', 'shards')
local shards = math.max(tonumber(stored[2] or 0), tonumber(ARGV[2]))
if not stored[2] or shards > tonumber(stored[2]) then redis.call('HSET', meta, 'shards', shards) end
return {tonumber(stored[1]), shards}
