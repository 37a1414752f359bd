--! part whose
-- Jobs of others as they lie in BullMQ's queue: the first of these ids, up to MOST characters and at least one, and how
-- many ids those were. What is ours by now is none of them.
local MOST = 1000000
local found, characters, looked = {}, 0, 0
for _, bull in ipairs(args.ids) do
  local job = job_of(bull)
  if not job or not owns(job) then
    local fields = call('HMGET', BULL .. bull, 'data', 'priority', 'opts', 'timestamp')
    found[#found + 1] = {bull, fields[1] or '', fields[2] or '0', fields[3] or '{}', fields[4] or ''}
    characters = characters + #found[#found][2]
  end
  looked = looked + 1
  if characters > MOST then break end
end
return {'ok', found, looked}
