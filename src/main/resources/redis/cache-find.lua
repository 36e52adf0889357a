-- Looks for a kept answer. Called by: RedisAnswerStore.find.
-- ARGV: digest of the name it is an answer of, digest of the call, variant
-- Returns: {age in ms, ms that are left, length before it was compressed or 0, id of its job or -,
--   the answer}, or nothing if there is none, or what it was an answer of was forgotten since
local kept = redis.call('HMGET', tag .. ':ca:' .. ARGV[2], 'h:' .. ARGV[3], 'e:' .. ARGV[3])
if not kept[1] or not kept[2] then return {} end
local generation, made, ends, length, job = string.match(kept[1], '(%S+) (%S+) (%S+) (%S+) (%S+)')
if generation ~= (redis.call('GET', tag .. ':cg:' .. ARGV[1]) or '-') then return {} end
if tonumber(ends) <= now then return {} end
return {whole(math.max(0, now - made)), whole(ends - now), length, job, kept[2]}
