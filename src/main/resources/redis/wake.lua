-- Leaves a wake token for every queue in which jobs wait. Called by: RedisWaiter, after it took a
-- token and had no slot left for the jobs it stood for.
-- ARGV: queue, …
-- Returns: count of queues with jobs
local waiting = 0
for _, queue in ipairs(ARGV) do
  if anybodyIn(queue) then
    wake(queue)
    waiting = waiting + 1
  end
end
return waiting
