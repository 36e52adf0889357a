-- Removes a GET stream whose client disconnected. The last one of a session stays, so that its
-- messages are stored until the client comes back.
-- KEYS[1]  sorted set of the session's streams
-- ARGV[1]  the stream's id
-- returns  an empty list
-- called by RedisPushStreams.left
if redis.call('ZCARD', KEYS[1]) > 1 then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return {}
