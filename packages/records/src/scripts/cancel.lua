-- ARGV: prefix, tenant, at, result, event, ids. Answers id, what happened and
-- queue of each, then the builds that got their room and
-- what is to be told. Held ones have no job to remove.
local answer, released = {}, {}
for place = 6, #ARGV do
  local build = load(ARGV[place])
  local what = 'missing'
  if build and build.tenant == ARGV[2] then
    what = build.state
    if not TERMINAL[build.state] then
      what = cancelBuild(build, ARGV[3], ARGV[4], ARGV[5])
    end
  end
  answer[#answer + 1] = ARGV[place]
  answer[#answer + 1] = what
  answer[#answer + 1] = build and build.queue or ''
end
release(ARGV[2], released)
return { answer, released, notices }
