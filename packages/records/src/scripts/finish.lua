-- ARGV: prefix, id, attempt, most bytes of log, state, at, result, report or '', delay in ms, '1'
-- when the sweep ends it (then it may be queued), count of events, events, count of chunks, chunks.
-- The last event is the one of the outcome. At the very end, of the dependency package that was
-- made: name or '', its revision or '' for the next one, what equal ones are known by, its JSON up
-- to the revision.

-- Gives a dependency package its revision; equal ones keep the one that they have.
local function publishRevision(tenant, name, wanted, same, json)
  local known = call('HGET', key('dependency', tenant .. ':' .. name), 'same:' .. same)
  if known then return known end
  local revision, counts = wanted, key('revision-counts', tenant)
  if wanted == '' then
    revision = string.format('%d', call('HINCRBY', counts, name, 1))
  elseif call('HEXISTS', counts, name) == 1 then
    -- It is there again though it was deleted, which no build's record tells.
    touch('dependencies', tenant, name)
  end
  enlistRevision(tenant, name, revision, same, json)
  return revision
end

local function withMember(json, name, value)
  return string.sub(json, 1, -2) .. ',"' .. name .. '":' .. value .. '}'
end

local build = load(ARGV[2])
local attempt, state = tonumber(ARGV[3]), ARGV[5]
if ARGV[10] == '1' then
  if not build or TERMINAL[build.state] or build.attempt ~= attempt then return { 'refused' } end
elseif fenced(build, attempt) then
  return { 'refused' }
end

local events = tonumber(ARGV[11])
local name, wanted, same, json = unpack(ARGV, #ARGV - 3)
if name ~= '' then
  local revision = publishRevision(build.tenant, name, wanted, same, json)
  if build.kind == 'dependency' then
    ARGV[7] = withMember(ARGV[7], 'revision', revision)
    ARGV[11 + events] = withMember(ARGV[11 + events], 'revision', revision)
  else
    build.split = name .. '@' .. revision
  end
end
if state == 'succeeded' and build.kind ~= 'dependency' then
  local number = numberPackage(build, ARGV[6], ARGV[7])
  if number then
    ARGV[7] = withMember(ARGV[7], 'number', number)
    ARGV[11 + events] = withMember(ARGV[11 + events], 'number', number)
  end
end
local first = appendEvents(build, 12, events)
appendLog(build, 13 + events, tonumber(ARGV[12 + events]), tonumber(ARGV[4]))

local batch
local released = {}
if TERMINAL[state] then
  batch = terminate(build, state, ARGV[6], ARGV[7], ARGV[8])
  if build.priority == 'bulk' then release(build.tenant, released) end
else
  batch = move(build, state)
  call('HSET', key('build', build.id), 'state', state)
  -- In order: not a worker that the build has ended. The sweep's own is none of those.
  if ARGV[10] ~= '1' then call('HDEL', key('build', build.id), 'begun') end
  call('ZADD', P .. ':unfinished', now() + tonumber(ARGV[9]) + GRACE, build.id)
end
publish(build, first, { unpack(ARGV, 12, 11 + events) }, batch)
return { 'ok', build.tenant, released, notices }
