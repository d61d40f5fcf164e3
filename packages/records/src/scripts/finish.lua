-- ARGV: prefix, id, attempt, most bytes of log, state, at, result, report or '', delay in ms, '1'
-- when the sweep ends it (then it may be queued), count of events, events, count of chunks, chunks.
-- The last event is the one of the outcome. At the very end, of the dependency package that was
-- made: name or '', its revision or '' for the next one, what equal ones are known by, its JSON up
-- to the revision.

-- Gives a dependency package its revision; equal ones keep the one that they have.
local function publishRevision(tenant, name, wanted, same, json)
  local hash = key('dependency', tenant .. ':' .. name)
  local known = call('HGET', hash, 'same:' .. same)
  if known then return known end
  local revision = wanted
  if wanted == '' then
    revision = string.format('%d', call('HINCRBY', key('revision-counts', tenant), name, 1))
  end
  call('HSET', hash, revision, json .. '"tenant":"' .. tenant ..
    '","revision":' .. revision .. '}', 'same:' .. same, revision,
    'of:' .. revision, same)
  call('ZADD', key('revisions', tenant .. ':' .. name), revision, revision)
  call('ZADD', key('dependencies', tenant), '0', name)
  return revision
end

local function withRevision(json, revision)
  return string.sub(json, 1, -2) .. ',"revision":' .. revision .. '}'
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
    ARGV[7] = withRevision(ARGV[7], revision)
    ARGV[11 + events] = withRevision(ARGV[11 + events], revision)
  else
    build.split = name .. '@' .. revision
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
return { 'ok', build.tenant, released }
