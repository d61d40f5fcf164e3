-- ARGV: prefix, tenant, at, batch or '', expansion, its attempt, number of the push up to which all
-- were worked off when it began, or '', result and event of a build that it supersedes, count, then the
-- builds as write-build.lua takes them. Last, the dependency packages of all: NAME@REVISION, with
-- spaces between.
-- Answers ids that a newer push has outrun; id, what and queue of those superseded; id and priority
-- of those that get a job now; id and queue of others that got their room;
-- what is to be told.
local tenant, at = ARGV[2], ARGV[3]
local batch = ARGV[4] ~= '' and ARGV[4] or nil
local COUNT = 10

-- Where another attempt has begun, or it was cancelled, its builds are no more asked for.
local expansion = loadExpansion(ARGV[5])
if fenced(expansion, tonumber(ARGV[6])) then return { 'stale' } end
local gone = goneOf(tenant, ARGV[#ARGV])
if gone then return { 'gone', gone } end

local pushes, push = expansion.pushes, expansion.number
-- An older push was worked off meanwhile: there is less to catch up on.
local reached, began = reachedNumber(expansion), tonumber(ARGV[7])
if reached and began and reached > began and reached < push then return { 'moved' } end
local outrun, superseded, queued, released = {}, {}, {}, {}

local function supersede(id)
  local build = load(id)
  if not build or TERMINAL[build.state] then return end
  superseded[#superseded + 1] = id
  superseded[#superseded + 1] = cancelBuild(build, at, ARGV[8], ARGV[9])
  superseded[#superseded + 1] = build.queue
end

-- Whether no newer push has built the function; an older one's build ends for this.
local function isNewest(name, id)
  if not pushes then return true end
  local known, older = string.match(call('HGET', pushes, name) or '', '^(%d+) (%S+)$')
  if known and tonumber(known) > push then return false end
  call('HSET', pushes, name, push .. ' ' .. id)
  if older then supersede(older) end
  return true
end

-- What is there was made by an earlier attempt, and may have been superseded since.
local chosen, place = {}, COUNT + 1
for _ = 1, tonumber(ARGV[COUNT]) do
  local id = ARGV[place]
  if call('EXISTS', key('build', id)) == 0 then
    if isNewest(ARGV[place + 3], id) then
      chosen[#chosen + 1] = place
    else
      outrun[#outrun + 1] = id
    end
  end
  place = place + 13 + tonumber(ARGV[place + 12])
end
if pushes then call('PEXPIRE', pushes, KEPT_LONG) end

local line = lineOf(tenant)
for _, at in ipairs(chosen) do
  local what, priority = writeBuild(line, batch, ARGV, at)
  if what == 'queued' then
    queued[#queued + 1] = ARGV[at]
    queued[#queued + 1] = priority
  end
end
if batch then countIn(batch, #chosen) end
if line.waiting > 0 then call('SADD', P .. ':holding', tenant) end
if #superseded > 0 then release(tenant, released) end
return { 'accepted', outrun, superseded, queued, released, notices }
