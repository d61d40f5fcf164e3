-- ARGV: prefix, tenant, name. What has become too old goes though no build has ended.
return retain(ARGV[2] .. ':' .. ARGV[3])
