-- Counts the waiting jobs of a queue by the owners in whose turns they are claimed.
-- Called by: RedisQueueAdmin.callers.
-- ARGV: queue, name after which to go on or '', how many owners at most
-- Returns: for each owner, by name: name, name to show, counts of bands 0 to 3
local queue, after, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local known, names = {}, {}
for band = 0, 3 do
  for _, owner in ipairs(ownersIn(queue, band, 10000)) do
    if owner > after and not known[owner] then
      known[owner] = true
      names[#names + 1] = owner
    end
  end
end
table.sort(names)
local found = {}
for i = 1, math.min(limit, #names) do
  local name = names[i]
  local counts, job = waitingOf(queue, name)
  local shown = name
  if job and string.find(name, '^~%x') then -- the digest of a name
    local constants = redis.call('HGET', jobKey(job), 'c')
    if constants then shown = ownerIn(constants) end
  end
  found[#found + 1] = {name, shown, unpack(counts, 1, 4)}
end
return found
