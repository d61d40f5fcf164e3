-- ARGV: prefix, tenant, id.
removeHook(ARGV[2], ARGV[3])
touch('hooks', ARGV[2], 'all')
return 1
