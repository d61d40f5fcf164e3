-- Put before the scripts that number packages, after the prelude. A function's packages stay when it
-- is no longer registered; aliases hold, beside names, the newest build that has moved `current`.
local MOVED = ':moved'
local DAY = 86400000

-- As many as one call removes; what is beyond goes with the next one.
local REMOVED_MAX = 1000

-- An older build that ends late does not take `current` back.
local function moveCurrent(of, build, number)
  local aliases = key('aliases', of)
  local moved = call('HGET', aliases, MOVED)
  if moved and moved >= build then return end
  call('HSET', aliases, MOVED, build, 'current', number)
end

-- The build whose package has the number; nil where there is none.
local function buildOf(of, number)
  local json = call('HGET', key('numbered', of), number)
  return json and string.match(json, '"build":"([^"]+)"')
end

-- It is registered no more.
local function unlist(tenant, name)
  call('ZREM', key('functions', tenant), name)
  if call('ZCARD', key('functions', tenant)) == 0 then
    call('SREM', P .. ':function-tenants', tenant)
  end
end

local function enlist(of, build, number, at, ms, result)
  local json = '{"number":' .. number .. ',"build":"' .. build .. '","createdAt":"' .. at .. '",' ..
    string.sub(result, 2)
  call('HSET', key('numbered', of), number, json, 'at:' .. number, ms)
  call('ZADD', key('numbers', of), number, number)
end

-- Whoever names a package of the function no more says so in its build, for the sweep of objects.
local function forget(of, number)
  local numbered = key('numbered', of)
  local build = buildOf(of, number)
  if build and call('EXISTS', key('build', build)) == 1 then
    call('HSET', key('build', build), 'dropped', '1')
  end
  call('HDEL', numbered, number, 'at:' .. number)
  call('ZREM', key('numbers', of), number)
end

-- Retention: beyond the newest so many, or older than so many days; never what an alias points to,
-- never the newest. Answers how many went.
local function retain(of)
  local keep = call('HMGET', key('function', of), 'keepCount', 'keepDays')
  local count, days = tonumber(keep[1] or ''), tonumber(keep[2] or '')
  if not count and not days then return 0 end
  local numbers = key('numbers', of)
  local total, removed = call('ZCARD', numbers), 0
  local kept = { [call('ZRANGE', numbers, -1, -1)[1] or ''] = true }
  for _, number in ipairs(call('HVALS', key('aliases', of))) do kept[number] = true end
  local border = days and now() - days * DAY
  for rank, number in ipairs(call('ZRANGE', numbers, 0, REMOVED_MAX - 1)) do
    local isBeyond = count and total - rank + 1 > count
    local isOld = border and tonumber(call('HGET', key('numbered', of), 'at:' .. number)) < border
    if not isBeyond and not isOld then break end
    if not kept[number] then
      forget(of, number)
      removed = removed + 1
    end
  end
  return removed
end

-- Gives the package of a build that succeeded its number; nil where the function is not registered.
local function numberPackage(build, at, result)
  local of = build.tenant .. ':' .. build.name
  if call('EXISTS', key('function', of)) == 0 then return nil end
  local counts = key('number-counts', build.tenant)
  local number = string.format('%d', call('HINCRBY', counts, build.name, 1))
  enlist(of, build.id, number, at, now(), result)
  moveCurrent(of, build.id, number)
  retain(of)
  return number
end
