-- A client left one of its GET streams. The last one stays known: its messages are kept until the
-- client comes back.
-- KEYS[1]  sorted set of the session's streams
-- ARGV[1]  the stream's id
-- returns  an empty list
-- called by RedisPushStreams.left
if redis.call('ZCARD', KEYS[1]) > 1 then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return {}
