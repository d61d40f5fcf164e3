-- ARGV: prefix, tenant, name, version, JSON: count of numbers that were given, ranges of those that
-- were there, fields, entries of the draft, aliases. Builds are restored before: a number up to the
-- count that is in no range was taken away by retention; what came later moves `current` on.
local tenant, name = ARGV[2], ARGV[3]
if not overtakes('functions', tenant, name, ARGV[4]) then return 0 end
local kept = cjson.decode(ARGV[5])
local of = tenant .. ':' .. name
local numbers, counts = key('numbers', of), key('number-counts', tenant)

local function isThere(number)
  for _, range in ipairs(kept.numbers) do
    if number >= range[1] and number <= range[2] then return true end
  end
  return number > kept.count
end

call('DEL', key('function', of), key('draft', of), key('aliases', of), key('snapshot', of))
setAll(key('function', of), kept.fields)
setAll(key('draft', of), kept.entries)
setAll(key('aliases', of), kept.aliases)
if kept.fields.settings then
  call('ZADD', key('functions', tenant), 0, name)
  call('SADD', P .. ':function-tenants', tenant)
else
  unlist(tenant, name)
end
if tonumber(call('HGET', counts, name) or '0') < kept.count then
  call('HSET', counts, name, string.format('%d', kept.count))
end
for _, number in ipairs(call('ZRANGE', numbers, 0, -1)) do
  if not isThere(tonumber(number)) then
    forget(of, number)
  elseif tonumber(number) > kept.count then
    moveCurrent(of, buildOf(of, number), number)
  end
end
retain(of)
return 1
