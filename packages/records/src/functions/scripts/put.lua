-- ARGV: prefix, tenant, name, at, settings, packages to keep or '', days to keep them or '', '1' when
-- its files can not be edited online: then there may be none.
local tenant, name = ARGV[2], ARGV[3]
local of = tenant .. ':' .. name
local record = key('function', of)
local there = call('HMGET', record, 'createdAt', 'entries', 'archive')
if ARGV[8] == '1' and (there[3] or tonumber(there[2] or '0') > 0) then return 'has files' end

call('HSET', record, 'settings', ARGV[5], 'updatedAt', ARGV[4], 'keepCount', ARGV[6],
  'keepDays', ARGV[7])
touch('functions', tenant, name)
if there[1] then
  retain(of)
  return 'changed'
end
call('HSET', record, 'createdAt', ARGV[4], 'draft', 0, 'entries', 0, 'files', 0, 'bytes', 0)
call('ZADD', key('functions', tenant), 0, name)
call('SADD', P .. ':function-tenants', tenant)
-- It may have been registered before, or be found again in the archive.
retain(of)
return 'created'
