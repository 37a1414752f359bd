--! part elsewhere
local silent = {}
for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, -1)) do
  local heartbeat = tonumber(call('HGET', key_of(id), 'heartbeat_at'))
  local is_silent = heartbeat <= now - args.silent_for
  if is_silent and not is_alive_elsewhere(load(id)) then silent[#silent + 1] = {heartbeat, id} end
end
table.sort(silent, function(one, other) return one[1] < other[1] end)
local found = {}
for place = 1, math.min(#silent, args.limit) do found[place] = load(silent[place][2]) end
return {'ok', found}
