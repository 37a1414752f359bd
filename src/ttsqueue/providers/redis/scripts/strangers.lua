-- Jobs of others as they lie in BullMQ's queue: the first of these ids, up to MOST characters and at least one, and how
-- many ids those were. A job that is ours by now has our data.
local MOST = 1000000
local found, characters, looked = {}, 0, 0
for _, bull in ipairs(args.ids) do
  local id = id_of(bull)
  if not id or call('EXISTS', key_of(id)) == 0 then
    local fields = call('HMGET', BULL .. bull, 'data', 'priority', 'opts')
    found[#found + 1] = {bull, fields[1] or '', fields[2] or '0', fields[3] or '{}'}
    characters = characters + #found[#found][2]
  end
  looked = looked + 1
  if characters > MOST then break end
end
return {'ok', found, looked}
