--! part promote
promote()
local earliest
for level = 1, 10 do
  local first = level * 4294967296
  local id = call('ZRANGEBYSCORE', BULL .. 'prioritized', first, first + 4294967295, 'LIMIT', 0, 1)[1]
  id = id and id_of(id)
  local due = id and tonumber(call('HGET', key_of(id), 'run_at'))
  if due and (not earliest or due < earliest) then earliest = due end
end
return {'ok', earliest and text(earliest) or ''}
