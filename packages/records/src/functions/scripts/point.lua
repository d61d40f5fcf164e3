-- ARGV: prefix, tenant, name, alias, number, or '' to remove the alias.
local of = ARGV[2] .. ':' .. ARGV[3]
if call('EXISTS', key('function', of)) == 0 then return 'no function' end
if ARGV[5] == '' then
  if call('HDEL', key('aliases', of), ARGV[4]) == 0 then return 'no alias' end
  retain(of)
  touch('functions', ARGV[2], ARGV[3])
  return 'removed'
end
if not call('ZSCORE', key('numbers', of), ARGV[5]) then return 'no package' end
call('HSET', key('aliases', of), ARGV[4], ARGV[5])
retain(of)
touch('functions', ARGV[2], ARGV[3])
return 'set'
