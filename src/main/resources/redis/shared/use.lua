-- Quota counters: what the owners' open jobs are.

-- Hash of the quota counters: o:OWNER, by index name, is 'jobs bytes' of an owner's open jobs, t the
-- total of all owners. Every script that ends or deletes a job must subtract it.
local USE = tag .. ':use'

-- Set by a script that ends many jobs: collects what to subtract, for one write at the end.
local usesLater

-- Reads the quota counters of some owners and the total. Returns a table of field to value.
local function readUse(owners)
  local names, known = {'t'}, {}
  for owner in pairs(owners) do names[#names + 1] = 'o:' .. owner end
  for from = 1, #names, 500 do
    local to = math.min(from + 499, #names)
    for i, value in ipairs(redis.call('HMGET', USE, unpack(names, from, to))) do
      known[names[from + i - 1]] = value or nil
    end
  end
  return known
end

-- Adds to the quota counters. owners: a table of owner to {jobs, bytes}. known: what readUse returned,
-- if it has been called.
local function addUse(owners, known)
  if not next(owners) then return end
  known = known or readUse(owners)
  local set, gone = {}, {}
  local function add(name, more)
    local jobs, bytes = string.match(known[name] or '0 0', '(%d+) (%d+)')
    jobs, bytes = jobs + more[1], bytes + more[2]
    if jobs > 0 then
      set[#set + 1] = name
      set[#set + 1] = string.format('%d %d', jobs, math.max(0, bytes))
    else
      gone[#gone + 1] = name
    end
  end
  local total = {0, 0}
  for owner, more in pairs(owners) do
    add('o:' .. owner, more)
    total[1], total[2] = total[1] + more[1], total[2] + more[2]
  end
  add('t', total)
  for from = 1, #set, 1000 do
    redis.call('HSET', USE, unpack(set, from, math.min(from + 999, #set)))
  end
  for from = 1, #gone, 1000 do
    redis.call('HDEL', USE, unpack(gone, from, math.min(from + 999, #gone)))
  end
end

local function collectUse(owners, owner, jobs, bytes)
  local its = owners[owner]
  if not its then
    its = {0, 0}
    owners[owner] = its
  end
  its[1], its[2] = its[1] + jobs, its[2] + bytes
end

-- Subtracts a job, as returned by load(), that is no longer open.
local function countOut(job)
  if job.size == 0 then return end -- stored by an earlier version, which did not count jobs
  local owners = usesLater or {}
  collectUse(owners, job.owner, -1, -job.size)
  if not usesLater then addUse(owners) end
end

local function countCollected()
  if usesLater then addUse(usesLater) end
  usesLater = nil
end
