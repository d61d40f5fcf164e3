-- ARGV: prefix, tenant, name, version that the changes were made on, at, how many entries, files and
-- bytes there are then, archive that is not opened or '', '1' when all entries go first, count of
-- paths that go, paths, then path and entry of what comes. All or nothing.
local of = ARGV[2] .. ':' .. ARGV[3]
local record, draft = key('function', of), key('draft', of)
local version = call('HGET', record, 'draft')
if not version then return { 'missing' } end
if version ~= ARGV[4] then return { 'moved', version } end

-- One call takes no more arguments than a script's stack has room for.
local SOME = 1000
if ARGV[10] == '1' then
  letGoAll(ARGV[2], call('HVALS', draft))
  call('DEL', draft)
end
local first = 12 + tonumber(ARGV[11])
for from = 12, first - 1, SOME do
  local paths = { unpack(ARGV, from, math.min(from + SOME, first) - 1) }
  letGoAll(ARGV[2], call('HMGET', draft, unpack(paths)))
  call('HDEL', draft, unpack(paths))
end
for from = first, #ARGV, SOME do
  local some = { unpack(ARGV, from, math.min(from + SOME - 1, #ARGV)) }
  for place = 1, #some, 2 do letGoAll(ARGV[2], call('HMGET', draft, some[place])) end
  call('HSET', draft, unpack(some))
end
letGoAll(ARGV[2], call('HMGET', record, 'archive'))
if ARGV[9] ~= '' then
  call('HSET', record, 'archive', ARGV[9])
else
  call('HDEL', record, 'archive')
end
call('HSET', record, 'entries', ARGV[6], 'files', ARGV[7], 'bytes', ARGV[8], 'updatedAt', ARGV[5])
touch('functions', ARGV[2], ARGV[3])
return { 'saved', call('HINCRBY', record, 'draft', 1) }
