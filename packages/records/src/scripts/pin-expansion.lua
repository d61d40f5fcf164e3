-- ARGV: prefix, id, attempt, commit.
local expansion = loadExpansion(ARGV[2])
if fenced(expansion, tonumber(ARGV[3])) then return 'refused' end
call('HSET', key('expansion', expansion.id), 'commit', ARGV[4])
return 'ok'
