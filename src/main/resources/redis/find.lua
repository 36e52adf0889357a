-- Reads a queued job, with what holds it back. Called by: JobFields.find, which reads all
-- others without a script.
-- ARGV: id
-- Returns: the values of the fields of a view; none if it is unknown
if redis.call('EXISTS', jobKey(ARGV[1])) == 0 then return {} end
return viewOf(ARGV[1])
