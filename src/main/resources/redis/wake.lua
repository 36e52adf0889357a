-- Adds a wake token for every queue in which jobs wait. Called by: RedisWaiter, after it took a
-- token but had no free slot for the jobs.
-- ARGV: queue, …
-- Returns: count of queues with jobs
local waiting = 0
for i, entries in ipairs(entriesIn(ARGV)) do
  local queue = ARGV[i]
  if anyOf(entries) then
    wake(queue)
    waiting = waiting + 1
  end
end
return waiting
