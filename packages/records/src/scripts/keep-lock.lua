-- ARGV: prefix, lock, its holder, ms that it is held from now on; 0: it is given back. Answers 0 to
-- who does not hold it (any more): what another one holds is left alone.
if call('GET', ARGV[2]) ~= ARGV[3] then return 0 end
if ARGV[4] == '0' then return call('DEL', ARGV[2]) end
return call('PEXPIRE', ARGV[2], ARGV[4])
